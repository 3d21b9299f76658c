"""What the tables and pages made for tests say, in both languages. A column is (name, unit, cells)."""

KEYS = {
    "ja": [
        ("型式", "", ["P-101", "P-102", "P-201A", "K-310", "V-22", "C-7", "E-450", "T-9"]),
        (
            "部品名",
            "",
            ["軸受", "メカニカルシール", "羽根車", "ストレーナー", "カップリング", "ケーシング", "主軸", "Oリング"],
        ),
    ],
    "en": [
        ("Model", "", ["P-101", "P-102", "P-201A", "K-310", "V-22", "C-7", "E-450", "T-9"]),
        (
            "Part",
            "",
            ["Bearing", "Mechanical seal", "Impeller", "Strainer", "Coupling", "Casing", "Main shaft", "O-ring"],
        ),
    ],
}
VALUES = {
    "ja": [
        ("交換周期", "時間", ["8,000", "16,000", "4,000", "24,000"]),
        ("吐出圧力", "MPa", ["0.5", "0.45", "1.2", "0.08"]),
        ("質量", "kg", ["12", "3.4", "250", "1,180"]),
        ("数量", "", ["1", "2", "4", "12"]),
        ("材質", "", ["SUS304", "FC250", "SCS13", "NBR"]),
        ("締付トルク", "N·m", ["25", "48", "110", "9.8"]),
    ],
    "en": [
        ("Interval", "h", ["8,000", "16,000", "4,000", "24,000"]),
        ("Pressure", "MPa", ["0.5", "0.45", "1.2", "0.08"]),
        ("Mass", "kg", ["12", "3.4", "250", "1,180"]),
        ("Quantity", "", ["1", "2", "4", "12"]),
        ("Material", "", ["SUS304", "FC250", "SCS13", "NBR"]),
        ("Torque", "N·m", ["25", "48", "110", "9.8"]),
    ],
}
TEXTS = {
    "ja": [
        (
            "備考",
            "",
            ["停止後に行う。", "予備品を常備する", "グリースを補給する", "写真を残す", "温度が80℃を超えたら止める"],
        ),
        ("作業内容", "", ["漏れを確認し記録する", "分解して洗浄する", "振動を測定する", "新品と交換する"]),
    ],
    "en": [
        ("Remarks", "", ["Stop the pump first.", "Keep one in stock", "Refill with grease", "Take a photograph"]),
        ("Work", "", ["Check for leaks and record them", "Take apart and clean", "Measure vibration", "Replace"]),
    ],
}
GROUPS = {"ja": "仕様", "en": "Specification"}
PROSE = {
    "ja": "冷却水ポンプは毎日の運転前に外観と油面を確認し、異音や振動があるときは直ちに停止して責任者に報告する。"
    "点検の結果は記録簿に残し、次の定期点検まで保管すること。",
    "en": "Check the cooling water pump and its oil level every day before it is started, and stop it at once where it "
    "makes an unusual noise or vibrates. Keep the records of every inspection until the next one.",
}
CONTENTS = {
    "ja": ["安全のために", "日常点検", "定期点検", "分解と組立", "部品表", "故障と対策", "保管"],
    "en": ["Safety", "Daily checks", "Periodic checks", "Taking apart", "Parts", "Troubles", "Storage"],
}
CODE = [
    "-rw-r--r--  1 root  root   4096  Nov 12  config.toml",
    "-rw-r--r--  1 root  root    912  Nov 12  start.sh",
    "drwxr-xr-x  2 www   www    4096  Nov 13  data",
    "-rw-------  1 root  root     64  Nov 14  secret_key",
]
