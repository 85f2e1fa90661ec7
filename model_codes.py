"""Closed lists: rules depend on these codes, so the code knows them.

Members are spelt as they are stored; their labels stand in `seed/reference`.
"""

import enum

Role = enum.StrEnum(
    "Role",
    "petugas supervisor penjangkau konselor pendamping pimpinan admin auditor",
)
Channel = enum.StrEnum(
    "Channel",
    "website whatsapp telepon datang_langsung rujukan media_sosial email",
)
ReportStatus = enum.StrEnum(
    "ReportStatus",
    "new in_progress identified joined referred information duplicate spam",
)
CaseStatus = enum.StrEnum(
    "CaseStatus",
    "identified returned rejected referred approved outreach handling "
    "termination_proposed monitoring closed",
)
Risk = enum.StrEnum("Risk", "rendah sedang tinggi darurat")
Direction = enum.StrEnum("Direction", "masuk keluar internal")
IdentityCard = enum.StrEnum("IdentityCard", "dilampirkan menyusul tidak_ada")
OutreachState = enum.StrEnum("OutreachState", "assigned started reported cancelled")
InterventionState = enum.StrEnum("InterventionState", "planned ongoing done cancelled")
ReferralState = enum.StrEnum("ReferralState", "diajukan diterima ditolak selesai")
Agreement = enum.StrEnum("Agreement", "setuju tidak_setuju tidak_dapat_dimintai")
Decision = enum.StrEnum("Decision", "approved refused")
MonitoringState = enum.StrEnum("MonitoringState", "scheduled done excused cancelled")
Safety = enum.StrEnum("Safety", "aman khawatir dalam_bahaya tidak_diketahui")
Scan = enum.StrEnum("Scan", "unscanned quarantined clean infected")
LetterKind = enum.StrEnum(
    "LetterKind",
    "surat_perintah berita_acara formulir_penerimaan formulir_identifikasi surat_persetujuan "
    "surat_rujukan surat_undangan nota_terminasi nota_akhir laporan_bulanan",
)
LetterState = enum.StrEnum("LetterState", "valid void erased")
LetterForm = enum.StrEnum("LetterForm", "naskah bertanda_tangan")
StepPart = enum.StrEnum("StepPart", "paraf tanda_tangan")
SignedBy = enum.StrEnum("SignedBy", "portal elektronik pena")
Capacity = enum.StrEnum("Capacity", "definitif plt plh atas_nama")
Invited = enum.StrEnum("Invited", "undangan pemanggilan")
Handing = enum.StrEnum("Handing", "diserahkan diantar pos lembaga")
ComplaintStatus = enum.StrEnum("ComplaintStatus", "diterima diproses dijawab selesai")
JobState = enum.StrEnum("JobState", "waiting running done failed")
RequestKind = enum.StrEnum("RequestKind", "access correction erasure withdrawal restriction")
RequestState = enum.StrEnum("RequestState", "received working done refused lifted")
BreachState = enum.StrEnum("BreachState", "found notified closed")
Conflict = enum.StrEnum("Conflict", "terlapor korban pelapor kerabat lainnya")
GrantKind = enum.StrEnum("GrantKind", "darurat serah_terima")
RoleRequest = enum.StrEnum("RoleRequest", "peran aktivasi")
ContactState = enum.StrEnum("ContactState", "refused permitted overridden")
TalkState = enum.StrEnum("TalkState", "new open waiting done")
SendState = enum.StrEnum(
    "SendState", "queued sending accepted sent delivered read failed unknown cancelled"
)
MediaState = enum.StrEnum("MediaState", "pending stored failed expired blocked")
CallState = enum.StrEnum("CallState", "ringing talking ended missed")
DutyKind = enum.StrEnum("DutyKind", "piket cuti plh")

CODED: tuple[type[enum.StrEnum], ...] = (
    *(Role, Channel, ReportStatus, CaseStatus, Risk, Direction, IdentityCard, OutreachState),
    *(InterventionState, ReferralState, Agreement, Decision, MonitoringState, Safety),
    *(Scan, LetterKind, LetterState, ComplaintStatus, JobState, ContactState),
    *(LetterForm, StepPart, SignedBy, Capacity, Invited, Handing),
    *(RequestKind, RequestState, BreachState),
    *(Conflict, GrantKind, RoleRequest),
    *(TalkState, SendState, MediaState, CallState, DutyKind),
)
