"""Provenote: a knowledge base generator whose notes run."""
