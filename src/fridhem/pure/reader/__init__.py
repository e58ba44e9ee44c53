"""The reader: bytes → text → findings, each with its place in the text, the rule that found it and how sure it is.

extracting  bytes → text in pages           (plain, pdf, docx)
cleaning    text → text that rules can read, with the way back
headings    lines → head and sections
kinds, placing, deciding, dating, titles, registry_numbers, motions, decisions
            one kind of fact each: rules as tables, and the few lines that apply them
reading     all of them, in order
"""

from fridhem.pure.reader.bodies import canonical as canonical_body
from fridhem.pure.reader.extracting import MAX_BYTES
from fridhem.pure.reader.findings import Place
from fridhem.pure.reader.reading import Reading, read
from fridhem.pure.reader.registry_numbers import normal as normal_number
from fridhem.pure.reader.unreadable import Reason, UnreadableError

__all__ = ["MAX_BYTES", "Place", "Reading", "Reason", "UnreadableError", "canonical_body", "normal_number", "read"]
