"""What states are called, by adjective and by capital, in English and Russian."""

from __future__ import annotations

# English names | adjectives | capitals that stand for the government | Russian name stems, capitals.
_TABLE = """
Russia, Russian Federation | Russian | Moscow, Kremlin | росси, рф, российск, москв, кремл
United States, US, U.S., USA, United States of America | American | Washington, White House | сша, американск, вашингтон, соединенн
Ukraine | Ukrainian | Kyiv, Kiev | украин, украинск, киев
China | Chinese | Beijing | кита, китайск, пекин
United Kingdom, UK, U.K., Britain | British | London, Downing Street | великобритан, британ, британск, лондон
France | French | Paris | франц, французск, париж
Germany | German | Berlin | герман, немецк, германск, берлин
Italy | Italian | Rome | итал, итальянск
Spain | Spanish | Madrid | испан, испанск, мадрид
Poland | Polish | Warsaw | польш, польск, варшав
Turkey, Türkiye | Turkish | Ankara | турц, турецк, анкар
Iran | Iranian | Tehran | иран, иранск, тегеран
Iraq | Iraqi | Baghdad | ирак, иракск, багдад
Israel | Israeli | Jerusalem | израил, израильск
Palestine | Palestinian | Ramallah | палестин, палестинск
Saudi Arabia | Saudi | Riyadh | саудовск, эр-рияд
United Arab Emirates, UAE | Emirati | Abu Dhabi | оаэ, эмират
Qatar | Qatari | Doha | катар, катарск, доха
Egypt | Egyptian | Cairo | егип, египетск, каир
Syria | Syrian | Damascus | сири, сирийск, дамаск
Lebanon | Lebanese | Beirut | ливан, ливанск, бейрут
Jordan | Jordanian | Amman | иордан, иорданск
Yemen | Yemeni | Sanaa | йемен, йеменск
Afghanistan | Afghan | Kabul | афганистан, афганск, кабул
Pakistan | Pakistani | Islamabad | пакистан, пакистанск, исламабад
India | Indian | New Delhi, Delhi | инди, индийск, дели
Japan | Japanese | Tokyo | япон, японск, токио
South Korea | South Korean | Seoul | сеул, южнокорейск
North Korea, DPRK | North Korean | Pyongyang | кндр, пхеньян, северокорейск
Armenia | Armenian | Yerevan | армен, армянск, ереван
Azerbaijan | Azerbaijani | Baku | азербайджан, азербайджанск, баку
Georgia | Georgian | Tbilisi | грузи, грузинск, тбилиси
Belarus | Belarusian | Minsk | белорус, белорусск, минск
Kazakhstan | Kazakh | Astana | казахстан, казахстанск, астан
Serbia | Serbian | Belgrade | серби, сербск, белград
Kosovo | Kosovar | Pristina | косов
Sudan | Sudanese | Khartoum | судан, суданск, хартум
South Sudan | South Sudanese | Juba | джуб
Ethiopia | Ethiopian | Addis Ababa | эфиоп, эфиопск
Eritrea | Eritrean | Asmara | эритре
Somalia | Somali | Mogadishu | сомали
Rwanda | Rwandan | Kigali | руанд, руандийск
Colombia | Colombian | Bogotá, Bogota | колумби, колумбийск
Venezuela | Venezuelan | Caracas | венесуэл
Cuba | Cuban | Havana | куб, кубинск, гаван
Switzerland | Swiss | Bern | швейцар, швейцарск
Norway | Norwegian | Oslo | норвеги, норвежск, осло
Finland | Finnish | Helsinki | финлянд, финск
Hungary | Hungarian | Budapest | венгри, венгерск, будапешт
European Union, EU | European | Brussels | ес, евросоюз, брюссел
"""


def _words(cell: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in cell.split(",") if word.strip())


# Of each state: English names, adjectives, capitals, Russian stems.
STATES = tuple(
    tuple(_words(cell) for cell in line.split("|")) for line in _TABLE.strip().splitlines()
)
ROWS = {name.casefold(): row for row in STATES for name in row[0]}


def adjectives(name: str) -> tuple[str, ...]:
    """How a party of this name is called as an adjective: "Russian"; regular ones by rule."""
    if row := ROWS.get(name.casefold()):
        return row[1]
    if name.endswith("a") and " " not in name and len(name) > 3:
        return (f"{name}n",)
    return ()


def capitals(name: str) -> tuple[str, ...]:
    """Which places stand for this party where they speak: "Moscow declared"."""
    row = ROWS.get(name.casefold())
    return row[2] if row else ()


def russian_stems(name: str) -> tuple[str, ...]:
    """How a Russian text calls it, without endings."""
    row = ROWS.get(name.casefold())
    return row[3] if row else ()
