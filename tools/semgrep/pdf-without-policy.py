from xhtml2pdf import pisa
from xhtml2pdf.document import pisaDocument


def print_it(html, file, policy):
    # ruleid: pdf-without-policy
    pisa.CreatePDF(html, dest=file)
    # ruleid: pdf-without-policy
    pisaDocument(html, file)
    # ok: pdf-without-policy
    pisa.CreatePDF(html, dest=file, resource_policy=policy)
