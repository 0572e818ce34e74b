"""A hospital's side of the national interface: a client that recovers, keeps books and reconciles. Needs no server part."""
