# One command surface for people and for continuous integration. Each target is one script in bin/ or one command.
.DEFAULT_GOAL := help
.PHONY: help demo test check bench bench-gateway format clean
SERVE ?= 1

help: ## 列出全部命令 / list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: ## 跑通一次跨省门诊结算并打开网站（SERVE=0：跑完即结束） / run the whole story, then serve the site (SERVE=0: stop after it)
	@bin/env server
	@exec .venv/bin/yidi demo $(if $(filter 0,$(SERVE)),--no-serve)

test: ## 全部测试：SQLite，同时在 PostgreSQL 上跑数据库测试 / all tests: on SQLite, beside them the database tests on PostgreSQL
	@bin/env dev
	@exec bin/test

check: ## 代码、分层、迁移、政策包与翻译检查 / lint, types, floors, migrations, policy packs, translations
	@bin/env dev
	@exec bin/check

bench: ## 性能对比，在临时 PostgreSQL 上跑 / measures, on a throw-away PostgreSQL
	@bin/env dev
	@PG_DURABLE=1 exec bin/postgres .venv/bin/python -m benchmarks

bench-gateway: ## 医院接口压力测试（MINUTES=30 看内存，PUBLISH=1 写文档） / load on the gateway (MINUTES=30 watches memory, PUBLISH=1 writes the page)
	@bin/env dev
	@PG_DURABLE=1 exec bin/postgres .venv/bin/python -m benchmarks gateway $(if $(MINUTES),--minutes $(MINUTES)) $(if $(PUBLISH),--publish)

format: ## 自动整理代码 / format the code
	@bin/env dev
	@.venv/bin/ruff check --fix
	@.venv/bin/ruff format

clean: ## 删除运行环境和缓存，保留 var/ 中的数据 / remove the environment and caches; data in var/ stays
	@rm -rf .venv benchmarks/environments build dist htmlcov .coverage .mypy_cache .ruff_cache .import_linter_cache .pytest_cache .hypothesis test-results
	@find bin src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
