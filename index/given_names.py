"""Which pronoun a person goes by, told from a title or a given name: common given names of many languages."""

from __future__ import annotations

_HE = """
aaron abdul abdullah abraham adam adrian ahmad ahmed akbar akira alan albert alejandro aleksandr alex
alexander alexei alexey alfred ali allen amir anders andre andreas andrei andrew andy angelo anthony anton
antonio arthur asif bashar barack barry ben benjamin bernard bernie bill bob boris brad brandon brendan
brett brian bruce bryan carl carlos charles charlie chris christian christopher chuck clarence colin craig
dale dan daniel dave david dean dennis derek diego dmitry don donald doug douglas dylan ebrahim ed eddie
edward edwin emmanuel eric erik ernest ethan eugene evan fernando francis francisco frank franz fred
frederick gabriel gary geoff geoffrey george gerald gerard giovanni giuseppe glenn gordon graham greg
gregory guillermo gustavo guy hamid hans harold harry hasan hassan heinz henri henry herbert hiroshi hossein
howard hugh hugo hussein ian ibrahim igor isaac ismail ivan jack jackson jacob jacques jair jake jamal james
jamie jared jason javier jean jeff jeffrey jeremy jerome jerry jesse jim jimmy joaquin joe joel john johnny
jon jonathan jorge jose joseph josh joshua juan juergen julian justin kamal karim karl keith ken kenneth
kenji kevin khaled khalid klaus kurt kyle lance larry lars lee leo leon leonard leonid lewis lindsey lloyd
louis lucas luigi luis luke mahmoud malcolm manuel marc marco marcus mario mark markus martin marvin mathew
matt matthew maurice max maxim michael michel miguel mikhail mike milton mitch mitt mohamed mohammad
mohammed mohsen morgan moshe muhammad mustafa narendra nathan neil nelson nicholas nick nicolas nigel
nikolai norman oleg oliver omar oscar osama otto pablo pascal patrick paul pedro pervez pete peter petr phil
philip philippe pierre qassem rafael rahul ralph ramon randy rashid raul ray raymond reza ricardo richard
rick rob robert roberto rod rodrigo roger roland ron ronald ross roy rudolf rudy russell ryan saad said
salim salman sam samuel saul scott sean sebastian sergei sergey sergio seth seyed shane shinzo simon spencer
stan stanley stefan stephen steve steven stuart ted terry theodore thomas tim timothy todd tom tommy tony
travis trevor tyler umar victor vikram viktor vincent vladimir volodymyr walter warren wayne werner wilhelm
will william willie wolfgang xavier yasser yevgeny youssef yuri yusuf zachary
"""
_SHE = """
abigail aisha alexandra alice alicia alison allison amanda amelia amy ana andrea angela angelina anita ann
anna anne annie anya audrey ayesha barbara beatrice benazir beth betsy betty beverly brenda brittany camille
carla carly carmen carol caroline carolyn catherine cathy charlotte chelsea cheryl chloe christina christine
cindy claire clara claudia condoleezza connie courtney cristina cynthia dana danielle dawn deborah debbie
debra denise diana diane dianne dolores donna doris dorothy edith eileen elaine eleanor elena elisabeth
elise elizabeth ellen emily emma erica erin esther eva evelyn fatima fiona florence frances gabriela gail
georgia geraldine gina ginger gloria grace greta gwen hannah harriet heather heidi helen helena helga
hillary hope ida indira ingrid irene irina isabel isabella ivanka jackie jacqueline jacinda jane janet
janice jasmine jean jeanne jennifer jenny jessica jill joan joanna joanne jocelyn josephine joyce juanita
judith judy julia juliana julie june karen kamala kate katherine kathleen kathryn kathy katie kayla kellie
kellyanne kelsey kimberly kirsten kristen kristin laura lauren leah leila lena leslie leticia lillian linda
lisa lois lola loretta lori lorraine louise lucia lucy lydia lynn madeleine maggie malala mandy margaret
margarita maria mariam marianne marie marilyn marina marjorie marlene martha mary maryam maureen megan
meghan melania melanie melinda melissa mercedes meredith mia michelle mildred miriam molly monica nadia
nancy naomi natalia natalie natasha nicola nicole nikki nina nora norma olga olivia paige pamela patricia
patty paula pauline peggy penelope penny phyllis priscilla priya rachel rebecca regina renee rita roberta
robin rosa rose rosemary ruth sabrina sally samantha samira sandra sara sarah shannon sharon sheila shelly
sheryl shirley silvia simone sofia sonia sophia sophie stacy stephanie sue susan susanna suzanne svetlana
sylvia tamara tanya tara tatiana teresa theresa tiffany tina tracy ursula valerie vanessa vera veronica
victoria viola violet virginia vivian wanda wendy winnie yasmin yolanda yvette yvonne zainab zara zoe
"""
HE = frozenset(_HE.split()) - frozenset(_SHE.split())
SHE = frozenset(_SHE.split()) - frozenset(_HE.split())
_HE_TITLES = """
mr sir lord king prince father imam ayatollah sheikh pope chairman spokesman congressman
"""
_SHE_TITLES = """
mrs ms miss lady queen princess sister chairwoman spokeswoman congresswoman actress
"""
_TITLES = dict.fromkeys(_HE_TITLES.split(), "he") | dict.fromkeys(_SHE_TITLES.split(), "she")


def pronoun(given: str, title: str) -> str | None:
    """Return "he" or "she" by the title before a name, else by the given name; None where neither tells.

    >>> pronoun("Angela", "Chancellor"), pronoun("Kim", "Mr."), pronoun("Kim", "")
    ('she', 'he', None)
    """
    by_title = _TITLES.get(title.casefold().strip("."))
    if by_title:
        return by_title
    folded = given.casefold()
    return "he" if folded in HE else "she" if folded in SHE else None
