@echo off
rem Mendesk's one command on Windows: finds Python, everything else is in the file "desk" beside this one.
where /q py
if errorlevel 1 goto python
py -3 "%~dp0desk" %*
exit /b %errorlevel%

:python
where /q python
if errorlevel 1 goto none
python "%~dp0desk" %*
exit /b %errorlevel%

:none
echo Mendesk needs Python 3.11 or newer. Install it from python.org, then start again. 1>&2
exit /b 1
