"""The form on paper: a DOCX with a content control for every answer, written and read back (P8).

The questions are those of `proposals.document.schema`; there is no second list. `form` writes, `reading` reads.
"""
