"""What Fridköping says in its own words on the public pages. The number is from the series kept for invented use."""

from datetime import datetime

from fridhem.foundation.accounts.models import User
from fridhem.rooms.intake import actions
from fridhem.rooms.intake.enums import TextKey

ON_CALL = "070-174 06 05"

TEXTS = {
    TextKey.ON_CALL: {
        "sv": ("Socialjouren i Fridköping", "Kvällar, nätter och helger. På dagen svarar mottaget på samma nummer.", ON_CALL),
        "en": ("Social services on call", "Evenings, nights and weekends. In the daytime the reception unit answers.", ON_CALL),
        "ar": (
            "الخدمات الاجتماعية المناوبة",
            "في المساء والليل وعطلة نهاية الأسبوع. في النهار يجيب قسم الاستقبال على الرقم نفسه.",
            ON_CALL,
        ),
    },
    TextKey.AFTER_SENDING: {
        "sv": (
            "Vad händer sedan?",
            "En socialsekreterare läser det du skrev senast nästa vardag, och tidigare om någon kan vara i fara. "
            "Vi får inte berätta vad vi gör, men du kan få en fråga eller ett svar här.",
            "",
        ),
        "en": (
            "What happens next?",
            "A social worker reads what you wrote on the next working day at the latest, and sooner if someone may be in danger. "
            "We may not tell you what we do, but you can get a question or an answer here.",
            "",
        ),
        "ar": (
            "ماذا يحدث بعد ذلك؟",
            "يقرأ أخصائي اجتماعي ما كتبته في يوم العمل التالي على أبعد تقدير، وقبل ذلك إذا كان هناك من قد يكون في خطر. "
            "لا يجوز لنا أن نخبرك بما نفعله، لكن قد تجد هنا سؤالاً أو جواباً.",
            "",
        ),
    },
}


def publish(*, by: User, at: datetime) -> None:
    """Publish the municipality's texts in every language."""
    for key, languages in TEXTS.items():
        for language, (title, body, phone) in languages.items():
            actions.publish_text(key, language, title=title, body=body, phone=phone, by=by, at=at)
