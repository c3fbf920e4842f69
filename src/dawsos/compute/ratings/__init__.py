"""Quality of companies from their statements: rubrics, and the published scores of Altman and Piotroski."""
