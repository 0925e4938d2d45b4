"""Import: tables of records, checked row by row, shown as a diff, then written whole or not at all.

The way of a row: `reading` makes cells of a CSV file or workbook, `mapping` makes entries of a
foreign workbook's rows, `kinds` says what the columns of each kind of record mean, `writing` makes
drafts of entries, and `findings` gathers what became of each.

Why not django-import-export: it holds the whole table and the result of every row in memory, asks
the database anew for each reference of each row, its bulk mode skips validation and can't say which
row broke a rule, and it tells rows apart by the record's own fields, so that a second import would
overwrite what editors corrected in between. Those are what an import is about here; what would be
left of the library is the upload form.
"""
