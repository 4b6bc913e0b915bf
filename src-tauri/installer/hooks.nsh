; What the uninstaller for Windows does beside the bundler's own script.

!macro NSIS_HOOK_PREUNINSTALL
  ; An update keeps what the person has allowed.
  ${If} $UpdateMode <> 1
    ; Now, while the program that knows the certificate is still there. Windows asks before it is removed.
    nsExec::Exec '"$INSTDIR\${MAINBINARYNAME}.exe" untrust'
    ; However that ended, the rest is uninstalled.
    Pop $0
  ${EndIf}
!macroend
