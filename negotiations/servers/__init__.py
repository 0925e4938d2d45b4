"""The PostgreSQL servers of a site: the primary, which is written to, and replicas, which readers read.

Knows no room. It is Django's engine of the database "default", too: `base.py`.
"""
