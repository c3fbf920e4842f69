"""What the securities of the demo are: names, kinds, sectors, exchanges, as they were on the last day of their prices."""

from typing import Final

ADJUSTED: Final = "adjusted"
AS_QUOTED: Final = "as quoted"

# (symbol, name, security type, sector, industry, exchange). Sector and industry use the words the Global Industry Classification Standard
# had on the last day of the series: at the end of 2022 for the household, on 2013-03-01 for the .RAW series.
SECURITIES: Final = (
    ("AAPL", "Apple Inc.", "EQUITY", "Information Technology", "Technology Hardware, Storage & Peripherals", "NASDAQ"),
    ("AMD", "Advanced Micro Devices, Inc.", "EQUITY", "Information Technology", "Semiconductors", "NASDAQ"),
    ("BAC", "Bank of America Corporation", "EQUITY", "Financials", "Diversified Banks", "NYSE"),
    ("BBY", "Best Buy Co., Inc.", "EQUITY", "Consumer Discretionary", "Computer & Electronics Retail", "NYSE"),
    ("CVX", "Chevron Corporation", "EQUITY", "Energy", "Integrated Oil & Gas", "NYSE"),
    ("GE", "General Electric Company", "EQUITY", "Industrials", "Industrial Conglomerates", "NYSE"),
    ("HD", "The Home Depot, Inc.", "EQUITY", "Consumer Discretionary", "Home Improvement Retail", "NYSE"),
    ("JNJ", "Johnson & Johnson", "EQUITY", "Health Care", "Pharmaceuticals", "NYSE"),
    ("JPM", "JPMorgan Chase & Co.", "EQUITY", "Financials", "Diversified Banks", "NYSE"),
    ("KO", "The Coca-Cola Company", "EQUITY", "Consumer Staples", "Soft Drinks", "NYSE"),
    ("LLY", "Eli Lilly and Company", "EQUITY", "Health Care", "Pharmaceuticals", "NYSE"),
    ("MSFT", "Microsoft Corporation", "EQUITY", "Information Technology", "Systems Software", "NASDAQ"),
    ("PFE", "Pfizer Inc.", "EQUITY", "Health Care", "Pharmaceuticals", "NYSE"),
    ("PG", "The Procter & Gamble Company", "EQUITY", "Consumer Staples", "Household Products", "NYSE"),
    ("UNH", "UnitedHealth Group Incorporated", "EQUITY", "Health Care", "Managed Health Care", "NYSE"),
    ("WMT", "Walmart Inc.", "EQUITY", "Consumer Staples", "Hypermarkets & Super Centers", "NYSE"),
    ("XOM", "Exxon Mobil Corporation", "EQUITY", "Energy", "Integrated Oil & Gas", "NYSE"),
    ("SPX", "S&P 500 price index", "INDEX", "", "", ""),
    ("AAPL.RAW", "Apple Inc.", "EQUITY", "Information Technology", "Computer Hardware", "NASDAQ"),
    ("FB.RAW", "Facebook, Inc.", "EQUITY", "Information Technology", "Internet Software & Services", "NASDAQ"),
    ("GOOG.RAW", "Google Inc.", "EQUITY", "Information Technology", "Internet Software & Services", "NASDAQ"),
    ("IBM.RAW", "International Business Machines Corporation", "EQUITY", "Information Technology", "IT Consulting & Other Services",
     "NYSE"),
    ("MSFT.RAW", "Microsoft Corporation", "EQUITY", "Information Technology", "Systems Software", "NASDAQ"),
)  # fmt: skip
