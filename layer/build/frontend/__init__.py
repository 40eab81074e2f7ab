"""Recipes that make the front end's data. In: public word lists and sentences. Out: layer/sambert/frontend/data/."""
