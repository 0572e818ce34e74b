"""The register of insured people and their coverage."""
