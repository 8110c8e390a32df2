"""The words that report what somebody says, and where the sentences of a text end."""

from __future__ import annotations

import re

from index.vocabulary import words

_VERBS = """
said says say told tells added adds asked asks wrote writes tweeted tweets stated states argued argues
noted notes explained explains insisted insists replied replies responded responds continued continues
declared declares announced announces admitted admits acknowledged acknowledges claimed claims concluded
concludes warned warns recalled recalls suggested suggests joked jokes quipped exclaimed remarked
remarks observed observes stressed stresses emphasized emphasised emphasizes underlined underlines
underscored reiterated reiterates complained complains promised vowed vows pledged predicted predicts
called calls described describes dubbed denounced condemned praised criticized criticised confirmed
confirms denied denies testified testifies shouted yelled urged urges demanded accused mused commented
posted believes believed thinks thought cautioned countered counters boasted maintained maintains
mentioned mentions conceded concedes proclaimed proposed contended contends expressed dismissed reported
reports referred quoted reads read recounted cited lamented asserted asserts affirmed pointed saying
adding telling writing calling arguing noting asking insisting describing tweeting explaining claiming
warning blasted labeled labelled slammed agreed disagreed decried hailed opined opines characterized
characterised ruled found wondered repeated summed touted texted interjected answered answers concurred
voiced retorted chimed revealed reveals indicated indicates specified specifies predicting declaring
stating suggesting accusing announcing citing promising vowing urging joking recalling stressing
write argue insist believe think explain acknowledge conclude contend describe predict maintain concede
assert assures assured assuring charged alleges alleged alleging chants chanted chanting blames blamed
blaming branded branding highlights highlighted portrays portrayed portraying elaborated questioned protests
protested pledges pledging likened likening mocks mocked mocking deemed deems fumed fuming ponders pondered
demurred exhorted credited chided chiding surmised sighed blurted derided implied implies retweeted lauded
lauding upbraided rebuked acclaimed groused speculated speculates hopes hoped scoffed snapped gushed ranted
lectured advises advised advising instructed ordered prayed pleaded begged cried whispered muttered murmured
screamed roared reflected reasoned reminded reminding informed swore attested apologized apologised bemoaned
bragged clarified commended confessed congratulated conveyed defended defending deplored detailed discloses
disclosed echoed enthused estimates estimated forecast framed griped hinted implored insinuated intoned
lambasted lambasting moaned objected penned pronounced queried railed relayed remembers remembered
reminisced requested reassured ridiculed taunted teased termed theorized thundered vented welcomed welcoming
touting acknowledging admitting asserting conceding concluding contending slamming praising condemning
proclaiming pointing remarking responding replying dismissing cautioning boasting complaining commenting
confirming denying demanding mentioning observing revealing denouncing criticizing criticising expressing
expresses recounts details sings sang
accuses affirms agrees bemoans blasts boasts cautions characterizes characterises complains concurs condemns
criticizes criticises decries demands denounces deplores derides disagrees dismisses exclaims hails implores
jokes laments likens muses objects praises proclaims proposes quips refers reflects repeats retorts scoffs
summarizes surmises touts underscores welcomes wonders
agreeing believing commending continuing detailing emphasizing emphasising exclaiming hailing hinting hoping
implying indicating lamenting likening maintaining musing opining proposing quipping quoting recounting
referring reiterating repeating shouting testifying underlining underscoring wondering yelling
"""
VERBS = frozenset(_VERBS.split())
"""Words that report what somebody says."""
PLAIN_VERBS = words(
    """said says told added adds tweeted wrote writes explained continued stated replied argued noted"""
)
"""The verbs among them that hardly ever do anything else."""

FILL = "\ue000"
"""Stands for every character of a quote, so that its words are no cue, and offsets hold."""

END = re.compile(r"[.!?][\"”’)]*\s+(?=[\"“‘«A-ZÀ-Þ\ue000])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Ms|Dr|Mrs|Sen|Rep|Reps|Sens|Gov|Gen|St|Lt|Col|Sgt|Prof|Rev|vs)|[A-Z])\Z"
)


def sentences(text: str) -> tuple[list[int], list[int]]:
    """Return where the sentences of a text begin and end; lines end sentences.

    >>> sentences("Mr. Lee left. It rained.")
    ([0, 14], [13, 24])
    """
    cuts = {m.end(): m.start() for m in re.finditer("\n", text)}
    for m in END.finditer(text):
        if text[m.start()] != "." or not _ABBREVIATION.search(text, max(0, m.start() - 5), m.start()):
            cuts[m.end()] = m.start() + 1
    starts = sorted(cuts)
    return [0, *starts], [*(cuts[start] for start in starts), len(text)]
