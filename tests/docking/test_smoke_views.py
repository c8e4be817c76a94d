from datetime import date, timedelta
from registry.core.db import transaction
from registry.docking.enums import Stage
from registry.docking import services
def test_smoke(line, client):
    with transaction():
        case = line.at(Stage.ONBOARDED)
        other = line.case()
    client.sign_in(line.handler)
    for a in ("/docking", "/docking?stuck=1&sort=-moved", "/docking/board", "/docking/figures", "/docking/figures?by=university", "/docking/figures?by=region","/docking/figures?by=industry", "/docking/new", f"/docking/{case.public_id}", f"/docking/{case.public_id}/edit", f"/docking/{case.public_id}?record=offer", f"/docking/{other.public_id}?to=fair", "/docking/export", "/docking/export?format=csv"):
        r = client.get(a)
        assert r.status_code == 200, a
        if "csv" in a: print(r.text)
