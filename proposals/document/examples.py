"""What a good answer looks like, question by question (P1–P4): one made-up project, in the portal's own words."""

from django.utils.translation import gettext_lazy as _

# By part and answer; an answer that stands by itself has no part. Names and codes need no example.
EXAMPLES = {
    "title": _("Dried seaweed from Sabah to carrageenan in Cebu: one laboratory test accepted on both sides"),
    "summary": _(
        "Eleven drying stations in Malaysia send 6,000 tonnes of seaweed a year to a plant in the Philippines, which "
        "makes a thickener for the food industry. Each load is tested twice and waits 12 days. We ask that one test count "
        "in both countries. 900 farming families would sell all year round instead of seven months."
    ),
    "products.description": _("Carrageenan, refined, in powder"),
    "background": _(
        "The plant opened in 2021 and runs at 58 per cent of capacity (operating report 2025, annex 2). Supply stops when "
        "loads wait for their second test. Both laboratories are accredited under the same standard since 2023."
    ),
    "objectives": _(
        "By December 2028: 85 per cent of capacity, border time from 12 days to 3, and 300 more farming families under "
        "contract. We count them from plant records and customs entries each quarter."
    ),
    "roadblocks.description": _(
        "Each load is tested for heavy metals in Sandakan and again on arrival in Cebu, although both use the same method. "
        "In 2025 this held 214 of 220 loads for 12 days on average and cost USD 410 a load in storage and spoilage."
    ),
    "roadblocks.evidence": _("Log of 220 loads in 2025 (annex 3); letter of the port office of 4 March 2025 (annex 4)"),
    "requests.measure": _(
        "Acceptance in the Philippines of certificates from the accredited laboratory in Sandakan for HS 1212.21, first "
        "for two years, with one load in twenty tested again"
    ),
    "requests.expected_effect": _("Border time from 12 days to 3 for 220 loads a year; USD 90,000 less in storage"),
    "participants.role": _("Drying and first sorting"),
    "participants.sites": _("Semporna drying station"),
    "impacts.method": _(
        "Sales less purchases from the plant’s accounts, prices of 2024; indirect jobs by the multiplier 1.8 for food "
        "processing. Without the project: capacity stays at 58 per cent."
    ),
    "impacts.source": _("Audited accounts 2024; national input–output table 2020, table 7"),
    "decarbonisation.baseline": _(
        "What the plant’s oil-fired dryers emitted in 2024: 4,100 tonnes, from fuel invoices"
    ),
    "decarbonisation.method": _(
        "Fuel no longer burnt times the emission factor of the national inventory; the solar dryers’ own making included"
    ),
    "inclusion.group": _("Women who farm seaweed without title to the shore"),
    "inclusion.measure": _("Purchase contracts in their own name, and payment by mobile phone within three days"),
}
