"""How to cite a record: what a citation tells, as ready sentences and as files."""
