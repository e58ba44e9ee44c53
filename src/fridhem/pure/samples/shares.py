"""What a share found in a sample says of the whole: Wilson's score interval.

E. B. Wilson, Journal of the American Statistical Association 22 (1927), pp. 209–212.
Unlike the common one it never leaves 0–1, and holds for small samples and for shares near the ends.
"""

from math import sqrt
from statistics import NormalDist

SURE = 0.95
_Z = NormalDist().inv_cdf((1 + SURE) / 2)


def wilson(found: int, of: int) -> tuple[float, float]:
    """Between which shares the true one lies, with 95 % confidence. Raises ValueError unless 0 ≤ found ≤ of and of > 0.

    The sample is taken to be a small part of the whole; when it isn't, the true interval is narrower.
    """
    if not 0 <= found <= of or of == 0:
        raise ValueError(f"{found} of {of} is no share.")
    share, widening = found / of, _Z**2 / of
    middle = (share + widening / 2) / (1 + widening)
    half = _Z * sqrt(share * (1 - share) / of + widening / (4 * of)) / (1 + widening)
    return max(0.0, middle - half), min(1.0, middle + half)
