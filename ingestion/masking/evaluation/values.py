"""Invented persons' data, and what only looks like it. The lists and formats are not those of the recognisers."""

import string
from pathlib import Path
from random import Random

_FOLDER = Path(__file__).parent / "words"


def _words(name: str) -> list[str]:
    return (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").split()


_SURNAMES = _words("surnames")
_GIVEN = _words("given")
_KANA_SURNAMES = _words("kana_surnames")
_KANA_GIVEN = _words("kana_given")
_ROMAN_SURNAMES = _words("roman_surnames")
_ROMAN_GIVEN = _words("roman_given")
_FIRST = _words("first")
_LAST = _words("last")
_TOWNS = _words("towns")
_QUARTERS = _words("quarters")
_HOUSES = ["メゾン桜", "コーポ若葉", "第二ハイツ", "緑荘", "グランドール", "タワー旭"]
_ROADS = (
    "Maple Avenue",
    "Church Road",
    "Elm Street",
    "Oakwood Drive",
    "Kingsway",
    "Station Road",
    "Mill Lane",
    "Sunset Boulevard",
    "Park Crescent",
    "Harbour View Terrace",
)
_CITIES = (
    ("Springfield", "IL 62704"),
    ("Portland", "OR 97205"),
    ("Leeds", "LS1 4AP"),
    ("Bristol", "BS8 1TH"),
    ("Austin", "TX 78701"),
    ("Manchester", "M1 1AE"),
    ("Denver", "CO 80203"),
)
_DOMAINS = ["example.com", "example.co.jp", "mail.example.org", "kojo.example.ne.jp", "plant-7.example.net"]
_OFFICES = ["横浜", "名古屋", "なにわ", "福岡", "札幌", "大宮", "尾張小牧", "春日部", "世田谷", "沖縄"]
_BANKS = ["みずほ銀行", "三井住友銀行", "静岡銀行", "京都信用金庫", "北陸銀行"]
_MONTHS = _words("months")


def digits(random: Random, count: int) -> str:
    """So many random digits, the first of them not 0."""
    return str(random.randint(1, 9)) + "".join(str(random.randint(0, 9)) for _ in range(count - 1))


def wide(text: str) -> str:
    """Digits and hyphens as full-width characters."""
    return text.translate({**{ord(str(one)): ord("０") + one for one in range(10)}, ord("-"): "－"})


def name_ja(random: Random) -> str:
    """A full name in Japanese, in one of its spellings."""
    surname, given = random.choice(_SURNAMES), random.choice(_GIVEN)
    kana = f"{random.choice(_KANA_SURNAMES)}{random.choice(['　', ' '])}{random.choice(_KANA_GIVEN)}"
    return random.choices([surname + given, f"{surname} {given}", f"{surname}　{given}", kana], [5, 4, 2, 1])[0]


def surname_ja(random: Random) -> str:
    """A surname by itself."""
    return random.choice(_SURNAMES)


def name_en(random: Random) -> str:
    """A full name in Latin letters."""
    first, last = random.choice(_FIRST), random.choice(_LAST)
    roman = f"{random.choice(_ROMAN_GIVEN)} {random.choice(_ROMAN_SURNAMES)}"
    turned = f"{random.choice(_ROMAN_SURNAMES).upper()} {random.choice(_ROMAN_GIVEN)}"
    middle = f"{first} {random.choice('ABCDEFGHJKLMRSTW')}. {last}"
    return random.choices([f"{first} {last}", middle, roman, turned], [6, 1, 2, 1])[0]


def surname_en(random: Random) -> str:
    """A surname by itself."""
    return random.choice(_LAST)


def address_ja(random: Random) -> str:
    """A Japanese address down to the house."""
    a, b, c = random.randint(1, 9), random.randint(1, 40), random.randint(1, 30)
    number = random.choice(
        [
            f"{a}-{b}-{c}",
            f"{a}丁目{b}番{c}号",
            f"{a}丁目{b}-{c}",
            wide(f"{a}-{b}-{c}"),
            f"{b * 31}番地{c}",
            f"{b * 7}番地",
        ]
    )
    house = random.choice(
        [
            "",
            "",
            "",
            f" {random.choice(_HOUSES)}{random.randint(101, 1204)}",
            f" {random.choice(_HOUSES)}{random.randint(101, 909)}号室",
        ]
    )
    code = random.choice(["", "", f"〒{random.randint(100, 999)}-{random.randint(0, 9999):04} "])
    return code + random.choice(_TOWNS) + random.choice(_QUARTERS) + number + house


def address_en(random: Random) -> str:
    """An address as it is written in the United States, in Britain, or of Japan in English."""
    town, code = random.choice(_CITIES)
    street = f"{random.randint(1, 2400)} {random.choice(_ROADS)}"
    block = f"{random.randint(1, 9)}-{random.randint(1, 30)}-{random.randint(1, 20)}"
    japanese = f"{block} Honmachi, Chuo-ku, Osaka {random.randint(500, 599)}-{random.randint(0, 9999):04}"
    flat = f"Flat {random.randint(1, 30)}, {street}, {town} {code}"
    return random.choices(
        [
            f"{street}, {town}, {code}",
            f"{street}, Apt {random.randint(1, 60)}B, {town}, {code}",
            flat,
            japanese,
            street,
        ],
        [4, 2, 2, 2, 1],
    )[0]


def phone_ja(random: Random) -> str:
    """A Japanese telephone number."""
    mobile = f"{random.choice(['090', '080', '070'])}-{digits(random, 4)}-{digits(random, 4)}"
    area = random.choice(
        [
            f"03-{random.randint(3000, 6999)}",
            f"06-{random.randint(6000, 6999)}",
            f"052-{random.randint(201, 999)}",
            f"0463-{random.randint(20, 99)}",
        ]
    )
    landline = f"{area}-{random.randint(0, 9999):04}"
    bracketed = landline.replace("-", "(", 1).replace("-", ")", 1)
    international = "+81-" + mobile[1:]
    return random.choice([mobile, landline, bracketed, international, wide(landline), mobile.replace("-", " ")])


def phone_en(random: Random) -> str:
    """A telephone number of the United States, Britain or Germany, or a Japanese one as it is given abroad."""
    area, middle, last = (
        random.choice(["212", "312", "415", "617", "206"]),
        random.randint(200, 999),
        random.randint(0, 9999),
    )
    american = random.choice(
        [
            f"({area}) {middle}-{last:04}",
            f"{area}-{middle}-{last:04}",
            f"+1 {area} {middle} {last:04}",
            f"{area}.{middle}.{last:04}",
        ]
    )
    british = random.choice(
        [
            f"020 7946 {random.randint(0, 999):04}",
            f"+44 161 496 {random.randint(0, 999):04}",
            f"07700 900{random.randint(0, 999):03}",
        ]
    )
    return random.choice(
        [
            american,
            american,
            british,
            f"+81 3 {random.randint(3000, 6999)} {last:04}",
            f"+49 30 {random.randint(2000000, 9999999)}",
        ]
    )


def email(random: Random) -> str:
    """An e-mail address."""
    local = random.choice(
        [
            f"{random.choice(_ROMAN_GIVEN)}.{random.choice(_ROMAN_SURNAMES)}",
            f"{random.choice(_LAST)}{random.randint(1, 99)}",
            f"{random.choice('akmst')}_{random.choice(_ROMAN_SURNAMES)}",
            f"{random.choice(_ROMAN_SURNAMES)}-{random.choice(_ROMAN_GIVEN)}+plant",
        ]
    )
    return f"{local.lower().replace(chr(39), '')}@{random.choice(_DOMAINS)}".encode("ascii", "ignore").decode()


def my_number(random: Random) -> str:
    """An individual number: the law's check digit, computed from the right as the ordinance words it."""
    body = [random.randint(0, 9) for _ in range(11)]
    total = sum(digit * (n + 1 if n <= 6 else n - 5) for n, digit in enumerate(reversed(body), start=1))  # noqa: PLR2004
    check = 0 if total % 11 <= 1 else 11 - total % 11
    plain = "".join(map(str, [*body, check]))
    grouped = [plain[0:4], plain[4:8], plain[8:12]]
    return random.choice([plain, " ".join(grouped), "-".join(grouped), wide(plain)])


def card(random: Random) -> str:
    """A card number with Luhn's check digit, of one of four networks."""
    begin, length = random.choice([("4", 16), ("52", 16), ("3569", 16), ("37", 15)])
    body = begin + "".join(str(random.randint(0, 9)) for _ in range(length - len(begin) - 1))
    plain = next(body + str(last) for last in range(10) if _luhn(body + str(last)))
    if length != 16 or random.random() < 0.3:  # noqa: PLR2004
        return plain
    return random.choice(["-", " "]).join(plain[at : at + 4] for at in range(0, 16, 4))


def _luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(map(int, reversed(number))):
        total += sum(divmod(digit * 2, 10)) if place % 2 else digit
    return total % 10 == 0


def account_ja(random: Random) -> str:
    """Seven digits of an account."""
    return digits(random, 7)


def bank(random: Random) -> str:
    """A bank."""
    return random.choice(_BANKS)


def account_en(random: Random) -> str:
    """An account number, or an IBAN with its check digits."""
    if random.random() < 0.5:  # noqa: PLR2004
        return digits(random, random.choice([8, 10, 12]))
    country, letters = random.choice([("DE", ""), ("GB", "NWBK")])
    body = letters + "".join(str(random.randint(0, 9)) for _ in range(18 - len(letters)))
    number = int(
        "".join(str(string.ascii_uppercase.find(one) + 10) if one.isalpha() else one for one in f"{body}{country}00")
    )
    whole = f"{country}{98 - number % 97:02}{body}"
    return " ".join(whole[at : at + 4] for at in range(0, len(whole), 4)) if random.random() < 0.5 else whole  # noqa: PLR2004


def licence_ja(random: Random) -> str:
    """A Japanese driving licence's number."""
    plain = digits(random, 12)
    return random.choice([plain, f"第{plain}号", f"{plain[:4]} {plain[4:8]} {plain[8:]}"])


def licence_en(random: Random) -> str:
    """A driving licence's number of an American state, or a British one."""
    return random.choice(
        [
            f"{random.choice('CDFKM')}{digits(random, 7)}",
            f"MORGA{digits(random, 6)}SM9IJ",
            f"{random.choice('SPTW')}{digits(random, 3)}-{digits(random, 4)}-{digits(random, 4)}",
        ]
    )


def passport(random: Random) -> str:
    """A passport's number."""
    return random.choice([f"{random.choice('TMN')}{random.choice('KRSZ')}{digits(random, 7)}", digits(random, 9)])


def passport_ja(random: Random) -> str:
    """A Japanese passport's number."""
    return f"{random.choice('TMN')}{random.choice('KRSZ')}{digits(random, 7)}"


def plate_ja(random: Random) -> str:
    """A Japanese registration plate."""
    number = random.choice(
        [f"{random.randint(10, 99)}-{random.randint(10, 99)}", f"・{digits(random, 3)}", f"・・{digits(random, 2)}"]
    )
    kana = random.choice("さすせそたちつてとなにぬねのはひふほまみむめもやゆらりるれろ")
    kind = random.choice(["300", "500", "330", "580", "100", "30A"])
    return random.choice(
        [f"{random.choice(_OFFICES)} {kind} {kana} {number}", f"{random.choice(_OFFICES)}{kind}{kana}{number}"]
    )


def plate_en(random: Random) -> str:
    """A registration plate of California or of Britain."""
    letters = "".join(random.choice("ABCDEFGHJKLMNPRSTUVWXY") for _ in range(5))
    return random.choice(
        [
            f"{random.randint(1, 9)}{letters[:3]}{digits(random, 3)}",
            f"{letters[:2]}{random.randint(51, 74)} {letters[2:]}",
        ]
    )


def birth_ja(random: Random) -> str:
    """A date between 1955 and 2003."""
    year, month, day = random.randint(1955, 2003), random.randint(1, 12), random.randint(1, 28)
    era = f"昭和{year - 1925}年{month}月{day}日" if year < 1989 else f"平成{year - 1988}年{month}月{day}日"  # noqa: PLR2004
    short = f"S{year - 1925}.{month}.{day}" if year < 1989 else f"H{year - 1988}.{month}.{day}"  # noqa: PLR2004
    return random.choice(
        [
            f"{year}年{month}月{day}日",
            era,
            short,
            f"{year}/{month:02}/{day:02}",
            f"{year}-{month:02}-{day:02}",
            wide(f"{year}") + f"年{wide(str(month))}月{wide(str(day))}日",
        ]
    )


def birth_en(random: Random) -> str:
    """The same in English."""
    year, month, day = random.randint(1955, 2003), random.randint(1, 12), random.randint(1, 28)
    name = _MONTHS[month - 1]
    return random.choice(
        [
            f"{name} {day}, {year}",
            f"{day} {name} {year}",
            f"{day} {name[:3]} {year}",
            f"{month:02}/{day:02}/{year}",
            f"{year}-{month:02}-{day:02}",
            f"{day:02}.{month:02}.{year}",
        ]
    )


def employee(random: Random) -> str:
    """An employee's number."""
    return random.choice(
        [
            digits(random, 5),
            digits(random, 6),
            f"{random.choice('AEKTS')}{digits(random, 5)}",
            f"{random.choice(['HQ', 'OSK', 'NGY'])}-{digits(random, 4)}",
        ]
    )


def date_ja(random: Random) -> str:
    """A date of anything."""
    return random.choice(
        [
            f"{random.randint(2015, 2026)}年{random.randint(1, 12)}月{random.randint(1, 28)}日",
            f"{random.randint(2015, 2026)}/{random.randint(1, 12)}/{random.randint(1, 28)}",
            f"令和{random.randint(1, 8)}年{random.randint(1, 12)}月{random.randint(1, 28)}日",
        ]
    )


def date_en(random: Random) -> str:
    """A date of anything."""
    return random.choice(
        [
            f"{random.choice(_MONTHS)} {random.randint(1, 28)}, {random.randint(2015, 2026)}",
            f"{random.randint(2015, 2026)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}",
        ]
    )


def part(random: Random) -> str:
    """A part number or serial, some of them grouped as telephone numbers are."""
    return random.choice(
        [
            f"{random.choice(['P', 'MS', 'V', 'FCU', 'ZX'])}-{digits(random, 3)}",
            f"0{random.randint(3, 9)}-{digits(random, 4)}-{digits(random, 4)}",
            f"{digits(random, 4)}-{digits(random, 4)}-{digits(random, 4)}",
            digits(random, 12),
            digits(random, 7),
            f"{random.choice('ABCTK')}{random.choice('KXZ')}{digits(random, 7)}",
            f"{digits(random, 2)}-{digits(random, 2)}-{digits(random, 3)}",
        ]
    )


def quantity(random: Random) -> str:
    """A measured value."""
    return random.choice(
        [
            f"{random.randint(2, 90) / 10} MPa",
            f"{random.randint(10, 900)} mm",
            f"{random.randint(1, 20)},{random.randint(0, 999):03} h",
            f"{random.randint(100, 9000)} rpm",
        ]
    )


def extension(random: Random) -> str:
    """A telephone extension."""
    return digits(random, random.choice([3, 4]))
