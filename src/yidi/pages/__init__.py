"""What the pages of all faces share: layout, fields, language, large type, refusals as pages."""
