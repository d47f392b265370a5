"""The windows: Qt widgets built in code that show and ask and decide nothing. Read `README.md` here first."""
