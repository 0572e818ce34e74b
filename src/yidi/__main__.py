"""python -m yidi"""

from yidi.cli.main import cli

cli()
