"""Codes of the ground floor. The values are stable words that sheets, JSON and the database share."""

from django.db.models import TextChoices


class Basis(TextChoices):
    """Whether a record states something that was read, or something that was concluded."""

    FACT = "fact", "Fact"
    INFERENCE = "inference", "Inference"


class Confidence(TextChoices):
    """A curator's level of confidence. `unjudged` is no number and is never averaged."""

    VERY_LOW = "very_low", "Very low"
    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"
    VERY_HIGH = "very_high", "Very high"
    UNJUDGED = "unjudged", "Cannot be judged"


class Review(TextChoices):
    """Where a record stands with its reviewers."""

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"
    RETRACTED = "retracted", "Retracted"


class Reliability(TextChoices):
    """Reliability of a source: the letters of the Admiralty code (NATO AJP-2.1)."""

    A = "A", "A · completely reliable"
    B = "B", "B · usually reliable"
    C = "C", "C · fairly reliable"
    D = "D", "D · not usually reliable"
    E = "E", "E · unreliable"
    F = "F", "F · cannot be judged"


class Access(TextChoices):
    """Who may read a source's text: everybody, or only people who are signed in."""

    PUBLIC = "public", "Public"
    RESTRICTED = "restricted", "Restricted"


class PublisherKind(TextChoices):
    """What sort of body stands behind documents."""

    COMPANY = "company", "Company"
    NEWS_AGENCY = "news_agency", "News agency"
    NEWS_MEDIA = "news_media", "News medium"
    TRADE_PRESS = "trade_press", "Trade press"
    GOVERNMENT = "government", "Government"
    REGULATOR = "regulator", "Regulator"
    PATENT_OFFICE = "patent_office", "Patent office"
    EXCHANGE = "exchange", "Stock exchange"
    RESEARCH = "research", "Research organisation"
    CONSULTANCY = "consultancy", "Consultancy"
    AGGREGATOR = "aggregator", "Aggregator"
    PERSON = "person", "Person"
    UNKNOWN = "unknown", "Unknown"


class SourceKind(TextChoices):
    """What sort of document a source is."""

    PRESS_RELEASE = "press_release", "Press release"
    NEWS_ARTICLE = "news_article", "News article"
    WIRE_STORY = "wire_story", "Wire story"
    ANALYSIS = "analysis", "Analysis"
    OPINION = "opinion", "Opinion piece"
    INTERVIEW = "interview", "Interview"
    RESEARCH_REPORT = "research_report", "Research report"
    COMPANY_REPORT = "company_report", "Company report"
    PRESENTATION = "presentation", "Presentation"
    FILING = "filing", "Regulatory filing"
    PATENT = "patent", "Patent document"
    GOVERNMENT_RELEASE = "government_release", "Government release"
    LEGISLATION = "legislation", "Legislation"
    SCIENTIFIC_PAPER = "scientific_paper", "Scientific paper"
    WEB_PAGE = "web_page", "Web page"
    DATA_SET = "data_set", "Data set"
    OTHER = "other", "Other"


class CaptureMethod(TextChoices):
    """How the text of a snapshot was obtained."""

    UPLOAD = "upload", "Uploaded file"
    PASTE = "paste", "Pasted text"
    EXTRACTION = "extraction", "Text extracted from a file"


class Door(TextChoices):
    """The way by which a change came in."""

    ADMIN = "admin", "Admin"
    API = "api", "API"
    IMPORT = "import", "Import"
    COMMAND = "command", "Command"


class BatchState(TextChoices):
    """What became of an import."""

    PREVIEWED = "previewed", "Previewed"
    WRITTEN = "written", "Written"
    EXPIRED = "expired", "Expired"
