"""The writing pages' forms, made from the schema."""
