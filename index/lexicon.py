"""Words that tell people from offices, groups and places in a run of capitals: English, folded."""

from __future__ import annotations

from index.vocabulary import words

ROLES = words("""
president vice prime minister premier chancellor senator sen sens rep reps congressman congresswoman
governor gov mayor judge justice attorney general secretary state speaker leader chief chairman
chairwoman chair chairperson director manager ceo cfo coach captain officer official spokesman
spokeswoman spokesperson representative envoy ambassador diplomat lawmaker legislator deputy commander
major lieutenant colonel brigadier gen admiral professor prof dr doctor mr mrs ms miss sir lord lady
king queen prince princess pope cardinal archbishop bishop rabbi imam sheikh ayatollah hojatoleslam
analyst strategist pollster author editor reporter correspondent columnist founder owner partner aide
adviser advisor counsel lawyer candidate nominee businessman executive head member parliament democrat
republican democratic gop former acting senior assistant associate judiciary house senate majority emeritus
prosecutor mp mep msp whip democrats republicans spokesmen administrator commissioner astronomer scientist
researcher professor coordinator pastor reverend sergeant superintendent chancellor treasurer activist
minority foreign interior defense defence finance armed forces staff detective sheriff sgt sergeant
police
""")
"""Words of offices and titles that stand before a name in capitals, and head descriptions of people."""

OCCUPATIONS = words("""
surgeon neurosurgeon physician star host champion boss father mother dad mom brother sister son daughter wife
husband friend victim expert critic monarch guy kid child boy girl lady nurse pilot priest cleric teen
teenager veteran pundit tycoon mogul billionaire millionaire survivor couple family campaign camp hopeful duo
side caller sources source insider heir rival ally foe surrogate rep crew congregation jury panel staff fan
thug singer rapper actress actor comedian musician athlete runner pope prosecutors team squad company firm
publication outlet website site blog network paper daily tabloid magazine journal channel designer artist
economist lawyer attorney engineer novelist poet historian biologist chemist physicist activist photographer
filmmaker producer drummer guitarist boxer golfer striker midfielder goalkeeper driver farmer teacher
principal student resident neighbor neighbour owner tenant broadcaster blogger presenter anchor moderator
""")
"""Other words for people, and for those who speak as one."""

_COUNTRIES = words("""
afghanistan africa albania algeria america argentina armenia asia australia austria azerbaijan bahrain
bangladesh belarus belgium bolivia bosnia brazil britain bulgaria cambodia cameroon canada chile china
colombia croatia cuba cyprus czechia denmark ecuador egypt england estonia ethiopia europe finland
france gaza georgia germany ghana greece haiti honduras hungary iceland india indonesia iran iraq
ireland israel italy jamaica japan jerusalem jordan kazakhstan kenya korea kosovo kuwait latvia lebanon
libya lithuania luxembourg malaysia mali malta mexico moldova mongolia morocco myanmar nepal netherlands
nicaragua nigeria norway oman pakistan palestine panama paraguay peru philippines poland portugal qatar
romania russia rwanda scotland senegal serbia singapore slovakia slovenia somalia spain sudan sweden
switzerland syria taiwan tajikistan tanzania thailand tunisia turkey uganda ukraine uruguay uzbekistan
venezuela vietnam wales yemen zambia zimbabwe washington london paris berlin moscow tehran baghdad
beijing brussels
""")
NATIONAL = words("""
afghan african american americans arab asian australian belgian brazilian british canadian chinese
christian cuban dutch egyptian english european french german greek indian iranian iraqi irish islamic
israeli italian japanese jewish korean kurdish lebanese libyan mexican muslim pakistani palestinian
palestinians polish russian russians saudi scottish spanish swedish swiss syrian taliban turkish
ukrainian yemeni zionist
""")
"""Adjectives of nations and creeds: they stand before offices and name nobody."""
PLACES = _COUNTRIES | NATIONAL
"""Countries, their adjectives and some capitals: a run of capitals may open with one; none is a person."""

GROUPS = words("""
accord act affairs agency agreement airport association authority bill army bank bureau campaign center
centre club coalition college commission committee company conference congress corp corporation council
court day department dome embassy federation force forces foundation front fund government group hall
hamas hezbollah hospital house inc institute institution islands law league ltd media ministry mosque
movement nations network news newspaper office organisation organization parliament party police post
press regime relations republic rights school senate service society state states street strip team
television times tribune tv union united university war world
""")
"""Words of organisations and places: a name that ends in one is no person."""

_CALENDAR = words("""
monday tuesday wednesday thursday friday saturday sunday january february march april may june july
august september october november december
""")
_FUNCTION = words("""
earlier among afterwards afterward later moreover nevertheless additionally overall further furthermore
instead some any each every none neither either both once upon despite under over between against without
within our your let please oh okay would could should does did is are was were has have had the a an this
that these those but and or if in on at as for with when while after before since although though however
meanwhile he she they it we i you his her their its our my there here what who how why where yes no not now
then also according still yet so because by from to of asked speaking referring more most many some all both
another other one two three even just only last next few several like unlike including regarding per via
about above across against along amid amidst around below beneath beside besides beyond concerning during
except following inside near off onto outside past since than through throughout till toward towards
underneath until upon whereas whether whenever wherever whatever whoever whose nor else perhaps maybe indeed
likewise similarly
""")
NO_NAMES = _CALENDAR | _FUNCTION
"""Words that begin with a capital without naming anybody."""
