"""Import of other sites' standards: Popolo and Akoma Ntoso become entries, the writer makes drafts.

What a file says that has no place here is told as a note, with where it stands; what can't be right
is a problem, and one problem keeps the whole file out. `negotiations/exchange/standards` writes the
same standards.
"""
