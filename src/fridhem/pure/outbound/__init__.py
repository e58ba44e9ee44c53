"""The outbound check: is something that must stay in the house about to leave it, in whatever way it is written?

`opening` turns files into pieces of text and says what it could not read; `needles` turns what is protected into what to look
for; `finding` looks; `checking` puts it together. What can't be read is stopped like what is found. The check is made against
mistakes, not against a colleague who wants to smuggle: that one has a telephone.
"""

from fridhem.pure.outbound.checking import Finding, Parcel, Report, check
from fridhem.pure.outbound.finding import blacked
from fridhem.pure.outbound.needles import Secret
from fridhem.pure.outbound.opening import Unchecked

__all__ = ["Finding", "Parcel", "Report", "Secret", "Unchecked", "blacked", "check"]
