"""The sources DawsOS can ask over the network: where they are, how often they may be asked, and where their key comes from."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ProviderDefinition:
    """A source. ``key_setting`` names the setting its key is read from; None for one that needs no key.

    ``key_parameter`` is the request parameter that carries the key.
    """

    name: str
    title: str
    base_url: str
    requests_per_minute: int
    key_setting: str | None
    key_parameter: str | None


FRED: Final = ProviderDefinition("FRED", "Federal Reserve Bank of St. Louis", "https://api.stlouisfed.org", 60, "fred_api_key", "api_key")
FMP: Final = ProviderDefinition("FMP", "Financial Modeling Prep", "https://financialmodelingprep.com", 120, "fmp_api_key", "apikey")
POLYGON: Final = ProviderDefinition("POLYGON", "Massive (Polygon.io)", "https://api.polygon.io", 100, "polygon_api_key", "apiKey")
ECB: Final = ProviderDefinition("ECB", "European Central Bank", "https://www.ecb.europa.eu", 30, None, None)
NEWSAPI: Final = ProviderDefinition("NEWSAPI", "NewsAPI.org", "https://newsapi.org", 30, "news_api_key", "apiKey")

PROVIDERS: Final = {one.name: one for one in (FRED, FMP, POLYGON, ECB, NEWSAPI)}
