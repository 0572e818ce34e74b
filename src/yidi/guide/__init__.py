"""The guide: what one person has to do, step by step, and what it will come to. No tables, no Django."""
