"""A Windows job around the student's process: Windows only, in the app.

Everything in the job dies with the job's last handle, so also when the app itself is killed.
The process is put in before the app's ``go``, that is before any of the student's code runs.
Structures and numbers are those of ``winnt.h``; needs no rights and works nested since Windows 8.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _EXTENDED_LIMITS, _UI_LIMITS = 9, 4
    _ACTIVE_PROCESS, _PRIORITY_CLASS, _JOB_MEMORY = 0x8, 0x20, 0x200
    _DIE_ON_UNHANDLED_EXCEPTION, _KILL_ON_JOB_CLOSE = 0x400, 0x2000
    _BELOW_NORMAL_PRIORITY = 0x4000
    _EVERY_UI_LIMIT = 0xFF

    class _Basic(ctypes.Structure):
        _fields_ = (
            ("PerProcessUserTimeLimit", ctypes.c_int64),
            ("PerJobUserTimeLimit", ctypes.c_int64),
            ("LimitFlags", wintypes.DWORD),
            ("MinimumWorkingSetSize", ctypes.c_size_t),
            ("MaximumWorkingSetSize", ctypes.c_size_t),
            ("ActiveProcessLimit", wintypes.DWORD),
            ("Affinity", ctypes.c_size_t),
            ("PriorityClass", wintypes.DWORD),
            ("SchedulingClass", wintypes.DWORD),
        )

    class _Extended(ctypes.Structure):
        _fields_ = (
            ("Basic", _Basic),
            ("IoCounters", ctypes.c_uint64 * 6),
            ("ProcessMemoryLimit", ctypes.c_size_t),
            ("JobMemoryLimit", ctypes.c_size_t),
            ("PeakProcessMemoryUsed", ctypes.c_size_t),
            ("PeakJobMemoryUsed", ctypes.c_size_t),
        )

    class Job:
        """One job with a memory limit and no room for a second process."""

        def __init__(self, memory_bytes: int, processes: int = 1) -> None:
            """Make the job.

            Raises:
                OSError: Windows did not make it or did not take its limits.
            """
            self._api = _kernel32()
            self._handle: int | None = self._api.CreateJobObjectW(None, None)
            if not self._handle:
                raise ctypes.WinError(ctypes.get_last_error())
            limits = _Extended()
            limits.Basic.LimitFlags = (
                _ACTIVE_PROCESS
                | _PRIORITY_CLASS
                | _JOB_MEMORY
                | _DIE_ON_UNHANDLED_EXCEPTION
                | _KILL_ON_JOB_CLOSE
            )
            limits.Basic.ActiveProcessLimit = processes
            limits.Basic.PriorityClass = _BELOW_NORMAL_PRIORITY
            limits.JobMemoryLimit = memory_bytes
            self._set(_EXTENDED_LIMITS, limits)

        def forbid_desktop(self) -> bool:
            """Keep the process from clipboard, desktop, shutdown and settings; return if so."""
            try:
                self._set(_UI_LIMITS, wintypes.DWORD(_EVERY_UI_LIMIT))
            except OSError:
                return False
            return True

        def hold(self, process_handle: int) -> None:
            """Put a process into the job, with everything that it will start.

            Raises:
                OSError: the process is gone or Windows refused.
            """
            if not self._api.AssignProcessToJobObject(self._handle, process_handle):
                raise ctypes.WinError(ctypes.get_last_error())

        def kill(self) -> None:
            """End every process of the job; harmless when there is none."""
            if self._handle:
                self._api.TerminateJobObject(self._handle, 1)

        def close(self) -> None:
            """Let go of the job, which ends what is left in it; may be called twice."""
            if self._handle:
                self._api.CloseHandle(self._handle)
                self._handle = None

        def _set(self, kind: int, value: ctypes.Structure | wintypes.DWORD) -> None:
            size = ctypes.sizeof(value)
            if not self._api.SetInformationJobObject(self._handle, kind, ctypes.byref(value), size):
                raise ctypes.WinError(ctypes.get_last_error())

    def _kernel32() -> ctypes.WinDLL:
        api = ctypes.WinDLL("kernel32", use_last_error=True)
        handle, flag = wintypes.HANDLE, wintypes.BOOL
        api.CreateJobObjectW.argtypes = [ctypes.c_void_p, wintypes.LPCWSTR]
        api.CreateJobObjectW.restype = handle
        api.SetInformationJobObject.argtypes = [
            handle,
            ctypes.c_int,
            ctypes.c_void_p,
            wintypes.DWORD,
        ]
        api.SetInformationJobObject.restype = flag
        for name, arguments in (
            ("AssignProcessToJobObject", [handle, handle]),
            ("TerminateJobObject", [handle, wintypes.UINT]),
            ("CloseHandle", [handle]),
        ):
            getattr(api, name).argtypes = arguments
            getattr(api, name).restype = flag
        return api
