# 蜂鸣器一直响：每次着火都“及时”，但谁也不会相信它。
# The siren is always on: in time for every fire, believed by nobody.
from labkit import kit, sleep

while True:
    kit.buzzer = True
    sleep(1)
