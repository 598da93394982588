# 控制器：读传感器，驱动执行器。每 0.1 s 看一次。
# The controller: reads sensors, drives actuators, ten times a second.
from labkit import kit, sleep

while True:
    # 还没有读数时是 None。None until the first reading.
    if kit.flame is not None and kit.flame >= 30:
        kit.buzzer = True
    else:
        kit.buzzer = False
    sleep(0.1)
