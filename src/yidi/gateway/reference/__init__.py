"""The reference of the interface, made of the declarations: pages, OpenAPI, Markdown, samples that run, a form to try them."""
