"""What invented people say and what invented officers write: the words of the demo.

Every story is made up, and says so; none is taken from a file of any office.
"""

from dataclasses import dataclass

INVENTED = "[Cerita rekaan untuk demo] "


@dataclass(frozen=True)
class Theme:
    """One kind of incident, with codes of the reference lists and the words that go with it."""

    narrative: str
    kinds: tuple[str, ...]
    gbvims: str
    place: str
    relations: tuple[str, ...]
    needs: tuple[str, ...]
    services: tuple[str, ...]
    child: bool
    tpks: tuple[str, ...] = ()
    home: bool = False


HOUSEHOLD = Theme(
    "Pelapor menyampaikan bahwa {victim} beberapa kali didorong dan dipukul di rumah setelah "
    "pertengkaran soal uang belanja. Kejadian terakhir disaksikan tetangga. {victim} sempat "
    "menginap di rumah saudara dan sekarang takut pulang.",
    ("fisik", "psikis"),
    "physical_assault",
    "rumah_tangga",
    ("suami_istri",),
    ("tempat_aman", "konseling", "bantuan_hukum"),
    ("kesehatan", "pendampingan", "bantuan_hukum"),
    child=False,
    home=True,
)
NEGLECT = Theme(
    "{victim} menceritakan sudah lima bulan tidak diberi nafkah dan dilarang bekerja. Biaya "
    "sekolah anak menunggak dan telepon genggamnya sering diperiksa.",
    ("penelantaran", "psikis"),
    "denial_of_resources",
    "rumah_tangga",
    ("suami_istri",),
    ("ekonomi", "konseling", "dokumen_kependudukan"),
    ("pendampingan", "rehabilitasi_sosial", "mediasi"),
    child=False,
    home=True,
)
WORKPLACE = Theme(
    "{victim} melaporkan ucapan dan sentuhan yang tidak diinginkan dari atasannya di tempat kerja. "
    "Ia sudah menolak dan menegur, tetapi kemudian jadwal kerjanya diubah sepihak.",
    ("seksual", "psikis"),
    "sexual_assault",
    "tempat_kerja",
    ("majikan", "rekan_kerja"),
    ("konseling", "pendampingan_hukum"),
    ("pendampingan", "bantuan_hukum", "penegakan_hukum"),
    child=False,
    tpks=("pelecehan_seksual_fisik", "pelecehan_seksual_nonfisik"),
)
ONLINE = Theme(
    "{victim} menerima ancaman bahwa foto pribadinya akan disebarkan kalau ia tidak menuruti "
    "kemauan pelaku. Ancaman datang lewat pesan dari beberapa akun.",
    ("seksual", "psikis"),
    "psychological_abuse",
    "daring",
    ("pacar_teman", "tidak_diketahui"),
    ("perlindungan", "konseling", "pendampingan_hukum"),
    ("pendampingan", "bantuan_hukum", "penegakan_hukum"),
    child=False,
    tpks=("kekerasan_seksual_elektronik",),
)
FORMER_PARTNER = Theme(
    "Mantan pasangan mendatangi rumah kontrakan {victim}, merusak pintu, dan mengancam akan "
    "kembali. {victim} mengalami memar di lengan dan sudah berobat ke puskesmas.",
    ("fisik", "psikis"),
    "physical_assault",
    "rumah_tangga",
    ("pacar_teman",),
    ("perlindungan", "visum", "bantuan_hukum"),
    ("kesehatan", "penegakan_hukum", "pendampingan"),
    child=False,
)
BEATEN_CHILD = Theme(
    "Guru melihat bekas luka pada {victim} dan diberi tahu bahwa ia dipukul karena nilai "
    "sekolahnya turun. Anak tampak takut saat jam pulang dan sering tidak masuk.",
    ("fisik",),
    "physical_assault",
    "rumah_tangga",
    ("orang_tua", "keluarga"),
    ("layanan_kesehatan", "konseling", "pendidikan"),
    ("kesehatan", "pendampingan", "rehabilitasi_sosial"),
    child=True,
    home=True,
)
TOUCHED_CHILD = Theme(
    "Ibu dari {victim} menceritakan anaknya menolak pergi ke tempat les dan akhirnya bercerita "
    "tentang sentuhan yang membuatnya takut. Keluarga meminta anak didampingi sejak pemeriksaan.",
    ("seksual",),
    "sexual_assault",
    "fasilitas_umum",
    ("tetangga", "guru", "lainnya"),
    ("visum", "konseling", "pendampingan_hukum"),
    ("kesehatan", "penegakan_hukum", "pendampingan"),
    child=True,
    tpks=("pelecehan_seksual_fisik",),
)
BULLIED_CHILD = Theme(
    "{victim} diejek dan didorong sekelompok teman sekolah selama beberapa minggu. Ia menjadi "
    "pendiam, sulit tidur, dan meminta pindah sekolah.",
    ("psikis", "fisik"),
    "psychological_abuse",
    "sekolah",
    ("pacar_teman",),
    ("konseling", "pendidikan"),
    ("pendampingan", "mediasi", "reintegrasi_sosial"),
    child=True,
)
ABANDONED_CHILD = Theme(
    "{victim} ditinggal beberapa hari hanya dengan adiknya. Tetangga memberi makan dan "
    "menghubungi kantor karena orang tua tidak dapat dihubungi.",
    ("penelantaran",),
    "denial_of_resources",
    "rumah_tangga",
    ("orang_tua",),
    ("tempat_aman", "ekonomi", "layanan_kesehatan"),
    ("penampungan_sementara", "kesehatan", "reintegrasi_sosial"),
    child=True,
    home=True,
)
EXPLOITED_CHILD = Theme(
    "{victim} dijanjikan pekerjaan di rumah makan, tetapi disuruh bekerja sampai larut malam dan "
    "upahnya ditahan. Ia berhenti sekolah dan ingin pulang.",
    ("eksploitasi", "tppo"),
    "non_gbv",
    "tempat_kerja",
    ("majikan",),
    ("pemulangan", "pendidikan", "bantuan_hukum"),
    ("pemulangan", "penegakan_hukum", "reintegrasi_sosial"),
    child=True,
)
THEMES = (
    HOUSEHOLD,
    BEATEN_CHILD,
    WORKPLACE,
    TOUCHED_CHILD,
    NEGLECT,
    BULLIED_CHILD,
    ONLINE,
    ABANDONED_CHILD,
    FORMER_PARTNER,
    EXPLOITED_CHILD,
)

# Service → what it was for, and what came of it.
SERVICES = {
    "kesehatan": (
        "Pemeriksaan kesehatan dan dokumentasi luka",
        "Korban diperiksa dan mendapat obat; hasil pemeriksaan disimpan fasilitas kesehatan.",
    ),
    "bantuan_hukum": (
        "Penjelasan hak dan pilihan langkah hukum",
        "Korban memahami pilihannya dan mendapat pendamping hukum.",
    ),
    "penegakan_hukum": (
        "Pendampingan pembuatan laporan polisi",
        "Laporan diterima Unit PPA; korban didampingi selama pemeriksaan.",
    ),
    "rehabilitasi_sosial": (
        "Pemulihan kemampuan sosial korban",
        "Korban mengikuti tiga pertemuan kelompok dan kembali beraktivitas.",
    ),
    "reintegrasi_sosial": (
        "Kembali ke keluarga dan lingkungan",
        "Keluarga dan sekolah menyepakati rencana dukungan untuk korban.",
    ),
    "pemulangan": ("Pulang ke keluarga", "Korban diantar pulang dan diterima keluarga."),
    "mediasi": (
        "Musyawarah dengan persetujuan kedua pihak",
        "Kedua pihak menandatangani kesepakatan yang dipantau konselor.",
    ),
    "penampungan_sementara": (
        "Tempat aman selama keadaan belum terkendali",
        "Korban tinggal di rumah aman selama masa kritis lalu pindah ke rumah kerabat.",
    ),
    "pendampingan": (
        "Konseling dan penguatan korban",
        "Empat sesi konseling selesai; korban lebih tenang dan punya rencana keselamatan.",
    ),
}
PARTNERS = {
    "kesehatan": "RSUD Kota Malang",
    "penegakan_hukum": "Unit PPA Polresta Malang Kota",
    "bantuan_hukum": "Women's Crisis Center (WCC) Dian Mutiara",
    "penampungan_sementara": "Dinsos-P3AP2KB Kota Malang",
}
INVITED = "Lembaga Perlindungan Anak (LPA)"
MEETING, MEETING_PLACE = "Pembahasan rencana pendampingan", "Ruang rapat UPT PPA"
NO_MEDIATION = "seksual"  # UU 12/2022 article 23: never for sexual violence

TASK = (
    "Menemui korban di tempat yang aman dan menilai keadaan serta keselamatannya\n"
    "Mencatat kebutuhan layanan dan keinginan korban\n"
    "Menyusun rencana penanganan bersama korban"
)
PLACES = ("Kantor kelurahan", "Puskesmas setempat", "Balai RW", "Sekolah korban", "Kantor UPT PPA")
ASSESSMENTS = (
    "Korban ditemui bersama orang yang dipercayainya. Keadaan fisik baik, masih cemas, dan untuk "
    "sementara tinggal di tempat yang aman.",
    "Korban bersedia bercerita setelah suasana tenang. Ada risiko bertemu pelaku, karena itu "
    "disepakati rencana keselamatan.",
    "Korban ditemui di luar rumah sesuai cara kontak yang aman. Membutuhkan pendampingan dalam "
    "waktu dekat.",
)
PLANS = (
    "Konseling mingguan, pemeriksaan kesehatan, dan rujukan sesuai persetujuan korban.",
    "Pendampingan hukum dan pemantauan keselamatan setiap pekan.",
)
SUMMARY = (
    "Korban telah menerima layanan sesuai kebutuhan, merasa lebih aman, dan memiliki orang yang "
    "dapat dihubungi. Tidak ada kejadian baru selama penanganan."
)
WISHES = (
    "Ingin merasa aman dan tidak diganggu lagi.",
    "Ingin didampingi saat melapor ke polisi.",
    "Ingin kembali bersekolah dengan tenang.",
    "Ingin kejadian ini dirahasiakan dari tetangga.",
)
CONTACT_NOTES = (
    "Korban sudah kembali beraktivitas dan tidur lebih nyenyak.",
    "Keluarga mendukung; korban masih mengikuti konseling bulanan.",
    "Korban menyampaikan terima kasih dan tahu cara menghubungi kantor.",
)
CONTACT_EXCUSE = "Korban sedang di luar kota bersama keluarga; keadaan dipastikan lewat pendamping."
DANGER_NOTE = "Pelaku kembali mendatangi rumah. Korban diantar ke tempat aman."

RETURN_REASON = "Alamat dan tempat kejadian belum jelas. Mohon dilengkapi sebelum diverifikasi."
CORRECTION = "Alamat sudah dilengkapi setelah menghubungi pelapor."
REJECTION = (
    "Tidak ada unsur kekerasan terhadap perempuan atau anak; pelapor sudah diberi penjelasan."
)
REFERRAL = "Kejadian di luar Kota Malang; dirujuk ke UPTD PPA wilayah tempat kejadian."
RECONSIDERATION = "Keterangan baru dari pelapor menunjukkan adanya kekerasan."
WITHDRAWAL = "Petugas yang ditugaskan sakit; surat perintah baru akan diterbitkan."
EMERGENCY = "Korban dalam bahaya pada malam hari dan tidak ada supervisor lain yang bertugas."
REVIEW = "Tindakan sesuai keadaan; persetujuan darurat dapat dibenarkan."
REFUSAL = "Korban masih menjalani pemeriksaan; penanganan dilanjutkan dahulu."
REOPENING = "Kekerasan terulang setelah terminasi."
HAND_OVER = "Konselor lama menangani terlalu banyak kasus; korban sudah diberi tahu."
AGREED, UNREACHABLE = "", "Korban pindah dan nomor teleponnya tidak lagi aktif."

QUESTION = "Apakah laporan saya sudah diterima? Saya khawatir keadaan memburuk."
ANSWER = "Laporan Anda sudah kami terima. Petugas akan menghubungi dengan cara yang Anda pilih."
NOTE = "Pelapor meminta tidak ditelepon ke rumah."
DISMISSALS = {
    "information": (
        "Pelapor menanyakan syarat dan jam layanan konseling.",
        "Hanya menanyakan informasi layanan; sudah dijawab.",
    ),
    "duplicate": (
        "Laporan yang sama dikirim kembali oleh pelapor yang sama.",
        "Sama dengan laporan yang sudah tercatat hari ini.",
    ),
    "spam": (
        "Penawaran pinjaman uang.",
        "Bukan pengaduan: pesan penawaran.",
    ),
    "referred": (
        "Pertengkaran antarwarga dewasa laki-laki soal batas tanah.",
        "Bukan kekerasan terhadap perempuan atau anak; diarahkan ke kelurahan.",
    ),
}
COMPLAINTS = (
    ("Telepon pengaduan lama tidak diangkat pada jam istirahat.", "website"),
    ("Ruang tunggu kurang tertutup sehingga percakapan terdengar orang lain.", "kunjungan"),
    ("Petugas ramah, tetapi formulir di loket sulit dibaca.", "telepon"),
    ("Saya belum menerima kabar setelah melapor seminggu yang lalu.", "email"),
    ("Mohon disediakan petugas perempuan pada malam hari.", "website"),
    ("Papan petunjuk menuju ruang konseling tidak ada.", "kunjungan"),
)
COMPLAINT_ANSWER = (
    "Terima kasih atas masukan Anda. Hal ini sudah kami bahas dan perbaiki mulai pekan ini."
)

RELATIVE = "Contoh rekaan: adik ipar petugas ini adalah terlapor."
IN_NEED = "Contoh rekaan: korban menelepon dari jalan, konselornya tidak dapat dihubungi."
HOME_REASON = "Korban meminta dijemput di rumah saat pelaku bekerja; tetangga mengawasi jalan."
CONTACT_REASON = "Korban sendiri menelepon kantor dan minta dihubungi kembali dengan cara ini."
CONTACT_OUTCOME = "Percakapan singkat rekaan; tidak ada yang mendengar."
