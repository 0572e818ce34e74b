"""The story: one person's bills, from application to books, over real HTTP. Everybody in it is invented."""
