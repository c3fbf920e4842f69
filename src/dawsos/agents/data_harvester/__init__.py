"""DataHarvester: what sources say when they are asked, with its date and whether it is still current; and what stored statements say."""

AGENT = "DataHarvester"
