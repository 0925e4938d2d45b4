"""What others have agreed on: Popolo, Akoma Ntoso, schema.org, oEmbed; written, never read.

What comes in enters at the desk: `negotiations/editing/importing/standards`.
"""
