"""Files → pieces of text, whatever the file calls itself, with all that lies hidden in it; and what couldn't be read."""

from fridhem.pure.outbound.opening.files import open_file
from fridhem.pure.outbound.opening.pieces import Piece, ReadPicture, Unchecked

__all__ = ["Piece", "ReadPicture", "Unchecked", "open_file"]
