"""Extensions that need the application."""

from flask_bootstrap import Bootstrap5
from flask_login import LoginManager
from flask_wtf import CSRFProtect

bootstrap = Bootstrap5()
login_manager = LoginManager()
csrf = CSRFProtect()
