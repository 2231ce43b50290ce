"""A letter as tagged PDF (PDF/UA-1), set by Typst: the extra `pdf`.

letter ── typeset ── PDF
          letter.typ has the layout; the letter goes in as JSON, never as markup
"""

from eligibility.pdf.typeset import letter_pdf

__all__ = ["letter_pdf"]
