"""Who may act for whom (亲属代办、窗口代办)."""
