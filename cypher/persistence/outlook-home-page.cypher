/*---
id: outlook-home-page
title: Home page given to a folder of Outlook
status: stable
level: high
description: >-
  A folder of Outlook was given a home page, which Outlook loads, script and all, whenever the folder is opened. Hardly anybody
  uses it; Microsoft switched it off in 2017 (KB4011162), and a registry value switches it on again.
attack: [T1137.004]
needs: [RegistrySet]
result: finding
movement: local
identity: [behavior]
evidence: [settings]
false_positives:
  - Customer relationship software of long ago that shows its page in Outlook
references:
  - https://attack.mitre.org/techniques/T1137/004/
---*/
MATCH (e:RegistrySet)-[:SHOWS]->(b:Behavior)
WHERE b.technique = 'T1137.004'
RETURN b.id AS behavior, b.host AS target, b.account AS account, collect(e.id) AS settings
