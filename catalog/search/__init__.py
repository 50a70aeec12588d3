"""Finding artists, albums and songs by words, misspelt ones too.

`install` has the database keep the words of all names; `spelling` says which of them a word of a
query may mean; `matching` ranks what has all of the query's words.
"""
