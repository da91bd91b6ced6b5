"""A settings file in which much is said, for tests that read or keep one."""

from __future__ import annotations

WHOLE = """\
us = ["Anna", "+49 30 1234", "@warehouse.example"]
authserv_id = "mx.shop.example"
seen = "close"
send_limit = "450/d, 20/m"
format = "both"
internal_words = ["EK-Preis", "Lieferant Müller"]
shop = "Fernweh"
undo_window = "1m30s"
import_open_for = "7d"
new_after_closed = "60d"

[hours]
zone = "Europe/Berlin"
week = { mon = ["13:30-18:00", "08:00-12:00"], tue = ["00:00-24:00"] }
holidays = [2026-12-24, "2026-12-31"]
country = "DE"
region = "BY"
[hours.openings]
2026-12-06 = ["10:00-14:00"]

[[policy]]
name = "wholesale"
when = "from:acme.example"
first_reply = "2h"
warn = "50%"
pause = []

[[policy]]
name = "night watch"
when = "tag:alarm"
hours = "always"
first_reply = "1d"
warn = "30m"

[[mailbox]]
name = "support"
address = "support@shop.example"
aliases = ["info@shop.example"]
imap_host = "imap.shop.example"
smtp_host = "smtp.shop.example"
smtp_security = "starttls"
password_command = "pass show mail/support"

[[mailbox]]
name = "test"
address = "test@shop.example"
user = "tester"
imap_host = "127.0.0.1"
imap_port = 10143
imap_security = "none"
smtp_host = "localhost"
smtp_security = "none"
password_env = "TEST_PASSWORD"
folders = ["INBOX", "Old"]
signature = '''
Tess
Test Shop
'''
signatures = { de = "Tess\\nTestladen" }
format = "text"
quote = "all"

[[team]]
name = "Anna"
role = "owner"
unix = "aweber"

[[team]]
name = "bob"

[[chat]]
folder = "/srv/chats"
format = "whatsapp"

[[feed]]
name = "reviews"
url = "https://reviews.example/shop.atom?lang=en"
every = "1h"
answer_within = "6h"
words = ["Fernweh"]

[alerts]
bell = false
mail = true
command = ["notify-send", "--", "{words}"]

[goodwill]
currency = "CHF"
limit = 12.50
month = "200"

[upset]
words = ["third time lucky"]
ignore = ["court"]
within = "7d"

[checks]
question = "off"
attachment = "hard"

[nudges]
after = ["3d", "7d"]
texts = ["reminder", "Shall we close this?"]

[check_in]
after = "10d"
text = "All well?"

[feedback]
after = "3d"
texts = { de = "Wie war es, {first_name}?" }
"""
