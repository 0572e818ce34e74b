"""Who acts: people, clerks, institutions, and for which region."""
