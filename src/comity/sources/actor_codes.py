"""Which state a published code means: CAMEO actor codes and FIPS 10-4 place codes to the codes of the register's actors, never by a guess.

CAMEO countries are mostly ISO 3166-1 alpha-3, with old codes (ROM, TMP, ZAR), parts of states (GZS, WSB) and regions (EUR, AFR, WST) that are
no state. Places in GDELT carry FIPS 10-4, in which CH is China, KS the Republic of Korea and AU Austria. What names no state stays null:
types (GOV, MIL, REB), international organisations, seas, disputed islands, codes that no list holds.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

CAMEO_OTHER = {
    "ROM": "ROU",
    "TMP": "TLS",
    "ZAR": "COD",  # Zaire: the same state under an older name
    "MTN": "MNE",
    "IMY": "IMN",
    "GZS": "PSE",
    "WSB": "PSE",
}
REGION_CODES = "AFR ASA BAG BLK CAS CAU CEU CFR CRB EAF EEU EIN EUR LAM MDT MEA NAF NMR PGS SAF SAM SAS SCN SEA WAF WST"
REGIONS = frozenset(REGION_CODES.split())  # BAG is Baghdad: a city, and no state by itself
FIPS_PAIRS = """
AA=ABW AC=ATG AE=ARE AF=AFG AG=DZA AJ=AZE AL=ALB AM=ARM AN=AND AO=AGO AQ=ASM AR=ARG AS=AUS AT=AUS AU=AUT AV=AIA AY=ATA BA=BHR BB=BRB BC=BWA BD=BMU BE=BEL
BF=BHS BG=BGD BH=BLZ BK=BIH BL=BOL BM=MMR BN=BEN BO=BLR BP=SLB BQ=UMI BR=BRA BS=ATF BT=BTN BU=BGR BV=BVT BX=BRN BY=BDI CA=CAN CB=KHM CD=TCD CE=LKA CF=COG
CG=COD CH=CHN CI=CHL CJ=CYM CK=CCK CM=CMR CN=COM CO=COL CQ=MNP CR=AUS CS=CRI CT=CAF CU=CUB CV=CPV CW=COK CY=CYP DA=DNK DJ=DJI DO=DMA DQ=UMI DR=DOM EC=ECU
EG=EGY EI=IRL EK=GNQ EN=EST ER=ERI ES=SLV ET=ETH EU=ATF EZ=CZE FG=GUF FI=FIN FJ=FJI FK=FLK FM=FSM FO=FRO FP=PYF FQ=UMI FR=FRA FS=ATF GA=GMB GB=GAB GG=GEO
GH=GHA GI=GIB GJ=GRD GK=GGY GL=GRL GM=DEU GO=ATF GP=GLP GQ=GUM GR=GRC GT=GTM GV=GIN GY=GUY GZ=PSE HA=HTI HK=HKG HM=HMD HO=HND HQ=UMI HR=HRV HU=HUN IC=ISL
ID=IDN IM=IMN IN=IND IO=IOT IR=IRN IS=ISR IT=ITA IV=CIV IZ=IRQ JA=JPN JE=JEY JM=JAM JN=SJM JO=JOR JQ=UMI JU=ATF KE=KEN KG=KGZ KN=PRK KQ=UMI KR=KIR KS=KOR
KT=CXR KU=KWT KV=XKX KZ=KAZ LA=LAO LE=LBN LG=LVA LH=LTU LI=LBR LO=SVK LQ=UMI LS=LIE LT=LSO LU=LUX LY=LBY MA=MDG MB=MTQ MC=MAC MD=MDA MF=MYT MG=MNG MH=MSR
MI=MWI MJ=MNE MK=MKD ML=MLI MN=MCO MO=MAR MP=MUS MQ=UMI MR=MRT MT=MLT MU=OMN MV=MDV MX=MEX MY=MYS MZ=MOZ NC=NCL NE=NIU NF=NFK NG=NER NH=VUT NI=NGA NL=NLD
NN=SXM NO=NOR NP=NPL NR=NRU NS=SUR NT=ANT NU=NIC NZ=NZL OD=SSD PA=PRY PC=PCN PE=PER PK=PAK PL=POL PM=PAN PO=PRT PP=PNG PS=PLW PU=GNB QA=QAT RB=SRB RE=REU
RI=SRB RM=MHL RN=MAF RO=ROU RP=PHL RQ=PRI RS=RUS RW=RWA SA=SAU SB=SPM SC=KNA SE=SYC SF=ZAF SG=SEN SH=SHN SI=SVN SL=SLE SM=SMR SN=SGP SO=SOM SP=ESP ST=LCA
SU=SDN SV=SJM SW=SWE SX=SGS SY=SYR SZ=CHE TB=BLM TD=TTO TE=ATF TH=THA TI=TJK TK=TCA TL=TKL TN=TON TO=TGO TP=STP TS=TUN TT=TLS TU=TUR TV=TUV TW=TWN TX=TKM
TZ=TZA UC=CUW UG=UGA UK=GBR UP=UKR US=USA UV=BFA UY=URY UZ=UZB VC=VCT VE=VEN VI=VGB VM=VNM VQ=VIR VT=VAT WA=NAM WE=PSE WF=WLF WI=ESH WQ=UMI WS=WSM WZ=SWZ
YI=SCG YM=YEM ZA=ZMB ZI=ZWE
"""
FIPS: dict[str, str] = dict(pair.split("=") for pair in FIPS_PAIRS.split())


COUNTRY_NAMES = {
    "cape verde": "CPV",
    "cote d'ivoire": "CIV",
    "curacao": "CUW",
    "democratic republic of congo": "COD",
    "macedonia": "MKD",
    "moldova, republic of": "MDA",
    "occupied palestinian territory": "PSE",
    "palestinian territory, occupied": "PSE",
    "sao tome and principe": "STP",
    "swaziland": "SWZ",
    "the former yugoslav republic of macedonia": "MKD",
    "turkey": "TUR",
    "vatican city state": "VAT",
    "virgin islands, u.s.": "VIR",
}


@cache
def known() -> frozenset[str]:
    """ISO 3166-1 alpha-3 codes of the states and dependencies of the world's register, dissolved ones (SUN, YUG, DDR, CSK) and Kosovo (XKX) too."""
    return frozenset(row["iso3"] for row in _actors() if row["iso3"]) | {"XKX"}


@cache
def _actors() -> list[dict[str, str]]:
    """States and dependencies of the world's register."""
    with files("comity.data.world").joinpath("actors.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["actor_type"] in ("state", "dependency")]


@cache
def cameo_states() -> dict[str, str]:
    """CAMEO country code to the actor's ISO 3166-1 alpha-3 code; regions, types and organisations are not among the keys.

    >>> cameo_states()["ROM"], cameo_states()["SUN"], cameo_states().get("EUR"), cameo_states().get("GOV")
    ('ROU', 'SUN', None, None)
    """
    return {code: code for code in sorted(known() - REGIONS)} | CAMEO_OTHER


@cache
def state_names() -> dict[str, str]:
    """Name of a living state or dependency, in small letters, to its ISO 3166-1 alpha-3 code: the register's names and those of event data.

    >>> state_names()["south korea"], state_names()["democratic republic of congo"], state_names().get("european union")
    ('KOR', 'COD', None)
    """
    names: dict[str, str] = {}
    for row in _actors():
        code = row["iso3"] or ("XKX" if row["id"] == "XKX" else "")
        if code and row["end"] == "..":
            names |= {row["name_en"].lower(): code, row["short_en"].lower(): code}
    return names | COUNTRY_NAMES


def state_of(code: str | None) -> str | None:
    """The state of one CAMEO country code; null where it names none."""
    return None if code is None else cameo_states().get(code.strip())
