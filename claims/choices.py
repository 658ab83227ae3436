"""Codes of the upper floor. The values are stable words that sheets, JSON and the database share."""

from django.db.models import TextChoices


class EntityType(TextChoices):
    """The discriminator of an entity: which table holds the rest of it. Never changes."""

    COMPANY = "company", "Company"
    PERSON = "person", "Person"
    AGREEMENT = "agreement", "Agreement"
    INVESTMENT = "investment", "Investment"
    PLANT = "plant", "Plant"
    PATENT = "patent", "Patent"
    EVENT = "event", "Event"
    TOPIC = "topic", "Topic"


class CompanyKind(TextChoices):
    """What sort of organisation a company record stands for."""

    CORPORATION = "corporation", "Corporation"
    SUBSIDIARY = "subsidiary", "Subsidiary"
    JOINT_VENTURE = "joint_venture", "Joint venture"
    GROUP = "group", "Group of companies"
    STATE_OWNED = "state_owned", "State-owned enterprise"
    GOVERNMENT = "government", "Government or public body"
    UNIVERSITY = "university", "University"
    RESEARCH_INSTITUTE = "research_institute", "Research institute"
    FUND = "fund", "Fund or investor"
    ASSOCIATION = "association", "Association or alliance of states"
    UNDISCLOSED = "undisclosed", "Undisclosed party"


class AgreementKind(TextChoices):
    """The form of an agreement."""

    JOINT_DEVELOPMENT = "joint_development", "Joint development agreement"
    LICENCE = "licence", "Licence agreement"
    ALLIANCE = "alliance", "Strategic alliance"
    SUPPLY = "supply", "Supply agreement"
    OFFTAKE = "offtake", "Offtake agreement"
    COLLABORATION = "collaboration", "Collaboration"
    JOINT_VENTURE = "joint_venture", "Joint venture agreement"
    ACQUISITION = "acquisition", "Acquisition agreement"
    MERGER = "merger", "Merger"
    MEMORANDUM = "memorandum", "Memorandum of understanding or cooperation"
    NON_DISCLOSURE = "non_disclosure", "Non-disclosure agreement"
    GRANT = "grant", "Grant agreement"
    INTERGOVERNMENTAL = "intergovernmental", "Agreement between governments"
    OTHER = "other", "Other"


class AgreementStatus(TextChoices):
    """Where an agreement stands."""

    ANNOUNCED = "announced", "Announced"
    SIGNED = "signed", "Signed"
    IN_FORCE = "in_force", "In force"
    COMPLETED = "completed", "Completed"
    TERMINATED = "terminated", "Terminated"
    EXPIRED = "expired", "Expired"
    ABANDONED = "abandoned", "Talks abandoned"
    PROPOSED = "proposed", "Proposed"
    ALLEGED = "alleged", "Alleged"


class InvestmentKind(TextChoices):
    """What sort of payment an investment is."""

    EQUITY = "equity", "Equity stake"
    ACQUISITION = "acquisition", "Acquisition"
    ASSET_PURCHASE = "asset_purchase", "Purchase of assets"
    GRANT = "grant", "Grant"
    LOAN = "loan", "Loan"
    CAPITAL_EXPENDITURE = "capital_expenditure", "Capital expenditure"
    FUND = "fund", "Fund"
    OTHER = "other", "Other"


class InvestmentStatus(TextChoices):
    """Where an investment stands."""

    PROPOSED = "proposed", "Proposed"
    ANNOUNCED = "announced", "Announced"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"


class PlantKind(TextChoices):
    """What a plant makes or does."""

    CELL = "cell", "Cell plant"
    CATHODE = "cathode", "Cathode plant"
    PILOT = "pilot", "Pilot or demonstration plant"
    PRECURSOR = "precursor", "Precursor plant"
    RECYCLING = "recycling", "Recycling plant"
    MINE = "mine", "Mine or brine site"
    REFINERY = "refinery", "Refinery or metal powder plant"
    RESEARCH = "research", "Research site"
    VEHICLE = "vehicle", "Vehicle plant"
    OTHER = "other", "Other"


class PlantStatus(TextChoices):
    """Where a plant stands."""

    PLANNED = "planned", "Planned"
    CONSTRUCTION = "construction", "Under construction"
    COMMISSIONING = "commissioning", "Commissioning"
    OPERATING = "operating", "Operating"
    RETOOLING = "retooling", "Being retooled"
    PAUSED = "paused", "Paused"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"


class PatentStatus(TextChoices):
    """Where a patent stands with its office."""

    PENDING = "pending", "Pending"
    ALLOWED = "allowed", "Allowed"
    GRANTED = "granted", "Granted"
    LAPSED = "lapsed", "Lapsed"


class EventKind(TextChoices):
    """What sort of happening an event is."""

    ANNOUNCEMENT = "announcement", "Announcement"
    CONFERENCE = "conference", "Conference or trade fair"
    TRADE_MISSION = "trade_mission", "Trade mission"
    MEETING = "meeting", "Meeting"
    MILESTONE = "milestone", "Technical milestone"
    COMMISSIONING = "commissioning", "Commissioning"
    PRODUCTION_START = "production_start", "Start of production"
    APPOINTMENT = "appointment", "Appointment"
    INSOLVENCY = "insolvency", "Insolvency"
    MERGER_TALKS = "merger_talks", "Merger talks"
    SELECTION = "selection", "Selection or award"
    POLICY = "policy", "Policy measure"
    PUBLICATION = "publication", "Publication"
    TERMINATION = "termination", "Termination"
    OTHER = "other", "Other"


class TopicKind(TextChoices):
    """What sort of thing a topic is."""

    TECHNOLOGY = "technology", "Technology"
    PROCESS = "process", "Process"
    CHEMISTRY = "chemistry", "Chemistry"
    MATERIAL = "material", "Material"
    EQUIPMENT = "equipment", "Equipment"
    PRODUCT = "product", "Product"
    POLICY = "policy", "Policy or law"
    MARKET = "market", "Market"
    PLACE = "place", "Place"
    DOCUMENT = "document", "Document"
    PROGRAMME = "programme", "Programme or project"
    CONCEPT = "concept", "Concept"


class ValueType(TextChoices):
    """What kind of value a predicate takes."""

    QUANTITY = "quantity", "Quantity"
    MONEY = "money", "Money"
    PERCENT = "percent", "Percent"
    DATE = "date", "Date"
    CODE = "code", "Code"
    TEXT = "text", "Text"
    ENTITY = "entity", "Entity"
    NONE = "none", "None"


class ValueState(TextChoices):
    """Whether a value is understood as what its predicate asks for; empty where there is nothing to understand."""

    READ = "read", "Read"
    UNREAD = "unread", "Unread"


class Persistence(TextChoices):
    """How long a statement holds, which decides whether its date separates it from others."""

    TIMELESS = "timeless", "Timeless"
    LASTING = "lasting", "Lasting"
    MOMENTARY = "momentary", "Momentary"


class Modality(TextChoices):
    """Whether a claim speaks of what is, or of what is planned, projected or possible."""

    ACTUAL = "actual", "Actual"
    PLANNED = "planned", "Planned"
    PROJECTED = "projected", "Projected"
    POSSIBLE = "possible", "Possible"
    CONDITIONAL = "conditional", "Conditional"


class Stance(TextChoices):
    """What a citation does for its claim."""

    SUPPORTS = "supports", "Supports"
    REFUTES = "refutes", "Refutes"
    MENTIONS = "mentions", "Mentions"


class PresentedAs(TextChoices):
    """How the document itself puts what it says."""

    FACT = "fact", "Fact"
    INFERENCE = "inference", "Inference"
    OPINION = "opinion", "Opinion"
    QUESTION = "question", "Question"


class Credibility(TextChoices):
    """Credibility of a piece of information: the digits of the Admiralty code (NATO AJP-2.1)."""

    CONFIRMED = "1", "1 · confirmed by other sources"
    PROBABLY_TRUE = "2", "2 · probably true"
    POSSIBLY_TRUE = "3", "3 · possibly true"
    DOUBTFUL = "4", "4 · doubtful"
    IMPROBABLE = "5", "5 · improbable"
    CANNOT_BE_JUDGED = "6", "6 · truth cannot be judged"


class QuoteState(TextChoices):
    """What checking a quote against the stored text of its source gave."""

    FOUND = "found", "Found"
    AMBIGUOUS = "ambiguous", "Found in several places"
    MISSING = "missing", "Not found"
    UNCHECKED = "unchecked", "Not checked: no text stored"


class PremiseRole(TextChoices):
    """How a conclusion rests on a premise."""

    NECESSARY = "necessary", "Necessary"
    SUPPORTING = "supporting", "Supporting"
    RESTATES = "restates", "Restates"


class Likelihood(TextChoices):
    """Words of estimative probability and their ranges: ICD 203, United States intelligence community."""

    ALMOST_NO_CHANCE = "almost_no_chance", "Almost no chance (1–5 %)"
    VERY_UNLIKELY = "very_unlikely", "Very unlikely (5–20 %)"
    UNLIKELY = "unlikely", "Unlikely (20–45 %)"
    ROUGHLY_EVEN = "roughly_even", "Roughly even (45–55 %)"
    LIKELY = "likely", "Likely (55–80 %)"
    VERY_LIKELY = "very_likely", "Very likely (80–95 %)"
    ALMOST_CERTAIN = "almost_certain", "Almost certain (95–99 %)"


class Consistency(TextChoices):
    """How a claim sits with a hypothesis, in the terms of the analysis of competing hypotheses."""

    STRONGLY_CONSISTENT = "strongly_consistent", "Strongly consistent"
    CONSISTENT = "consistent", "Consistent"
    NEUTRAL = "neutral", "Neutral"
    INCONSISTENT = "inconsistent", "Inconsistent"
    STRONGLY_INCONSISTENT = "strongly_inconsistent", "Strongly inconsistent"
    NOT_APPLICABLE = "not_applicable", "Not applicable"


class DisconfirmerStatus(TextChoices):
    """Whether an observation that would refute a hypothesis has been made."""

    WATCHING = "watching", "Watching"
    OBSERVED = "observed", "Observed"
    NOT_OBSERVED = "not_observed", "Not observed by the date"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ConflictKind(TextChoices):
    """Whether a rule found the conflict or a person noted it."""

    FOUND = "found", "Found by rule"
    NOTED = "noted", "Noted by a person"


class ConflictStatus(TextChoices):
    """Whether a conflict still asks for a decision."""

    OPEN = "open", "Open"
    RESOLVED = "resolved", "Resolved"


class Within(TextChoices):
    """Between what the claims of a conflict disagree."""

    ONE_SOURCE = "one_source", "Within one source"
    BETWEEN_SOURCES = "between_sources", "Between sources"
    OWN_FIELD = "own_field", "Against the record's own field"


class Resolution(TextChoices):
    """Why claims that seemed to contradict each other no longer ask for a decision."""

    DIFFERENT_DATE = "different_date", "Different dates"
    DIFFERENT_SCOPE = "different_scope", "Different scopes"
    SUPERSEDED = "superseded", "One supersedes the other"
    ERROR_IN_SOURCE = "error_in_source", "Error in a source"
    ERROR_OF_OURS = "error_of_ours", "Error of ours"
    BOTH_STAND = "both_stand", "Both stand"
