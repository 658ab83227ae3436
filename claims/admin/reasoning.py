"""Questions, and hypotheses with their assessments and disconfirmers."""

from django.contrib import admin

from claims.contract import TABLES
from claims.models import Hypothesis, Question
from evidence.admin.bases import RecordAdmin, inline_for, register
from evidence.admin.panels import Panel, list_url
from evidence.contract import by_name

tables = by_name(TABLES)


@admin.register(Question)
class QuestionAdmin(RecordAdmin):
    """The page of a question, with its hypotheses."""

    table = tables["questions"]
    panels = (
        Panel(
            "Hypotheses",
            lambda question: Hypothesis.objects.filter(question=question),
            ("statement", "likelihood", "timeframe", "review"),
            lambda question: list_url(Hypothesis, question__id__exact=question.pk),
        ),
    )


@admin.register(Hypothesis)
class HypothesisAdmin(RecordAdmin):
    """The page of a hypothesis."""

    table = tables["hypotheses"]
    inlines = (inline_for(tables["assessments"]), inline_for(tables["disconfirmers"]))


register((tables["assessments"], tables["disconfirmers"]), admin.site)
