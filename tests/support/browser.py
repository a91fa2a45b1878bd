"""Drives a headless Chromium through the try-it page of a service, over the DevTools protocol on a pipe.

Arguments: the browser, the page's URL, an operation's id, a request as JSON. One JSON object is written:
  example     what the page offers as request
  status      what it shows as status of the answer
  body        what it shows as body of the answer
  requests    all URLs that the page asked for
  complaints  errors and warnings of the console, exceptions, violations of the Content-Security-Policy
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time

PATIENCE = 60
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--window-size=1300,1600",
    "--remote-debugging-pipe",
]


class Browser:
    """A browser with one page."""

    def __init__(self, program, folder):
        read_by_browser, self.outgoing = os.pipe()
        self.incoming, written_by_browser = os.pipe()

        def place():
            # The protocol's ends are file descriptors 3 and 4; what is there now may be in the way.
            ends = os.dup(read_by_browser), os.dup(written_by_browser)
            high = [os.dup2(end, 200 + number) for number, end in enumerate(ends)]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        command = [program, *FLAGS, f"--user-data-dir={folder}", "about:blank"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=place, close_fds=False
        )
        os.close(read_by_browser)
        os.close(written_by_browser)
        self.number = 0
        self.answers = {}
        self.events = []
        self.news = threading.Condition()
        threading.Thread(target=self.listen, daemon=True).start()
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = None
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log", "Audits"):
            self.call(f"{domain}.enable")

    def listen(self):
        rest = b""
        while chunk := os.read(self.incoming, 1 << 16):
            *whole, rest = (rest + chunk).split(b"\0")
            with self.news:
                for message in map(json.loads, whole):
                    if "id" in message:
                        self.answers[message["id"]] = message
                    else:
                        self.events.append(message)
                self.news.notify_all()

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if getattr(self, "session", None):
            message["sessionId"] = self.session
        os.write(self.outgoing, json.dumps(message).encode() + b"\0")
        with self.news:
            if not self.news.wait_for(lambda: self.number in self.answers, PATIENCE):
                raise TimeoutError(method)
            answer = self.answers.pop(self.number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def ask(self, expression):
        """The value of an expression in the page."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def wait(self, expression):
        """The value of an expression as soon as it is true."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if value := self.ask(expression):
                return value
            time.sleep(0.1)
        raise TimeoutError(f"{expression} did not come true; the page says: {self.ask('document.body.innerText')[:2000]}")

    def complaints(self):
        for event in self.events:
            method, params = event["method"], event["params"]
            if method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
                yield f"console: {[one.get('value', one.get('description')) for one in params['args']]}"
            elif method == "Runtime.exceptionThrown":
                yield f"exception: {params['exceptionDetails']}"
            elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
                yield f"log: {params['entry']['text']} {params['entry'].get('url', '')}"
            elif method == "Audits.issueAdded" and params["issue"]["code"] == "ContentSecurityPolicyIssue":
                yield f"policy: {params['issue']['details']}"
            elif method == "Network.loadingFailed":
                yield f"network: {params}"

    def requests(self):
        for event in self.events:
            if event["method"] == "Network.requestWillBeSent":
                yield event["params"]["request"]["url"]


# React sees a value only if it is set past its own setter.
FILL = """(text => {
  const area = document.querySelector(`%s textarea`);
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(area, text);
  area.dispatchEvent(new Event("input", { bubbles: true }));
})"""


def tried(browser, url, operation, request):
    browser.call("Page.navigate", url=url)
    block = f"[id$=-{operation}]"
    browser.wait(f"!!document.querySelector('{block} button.opblock-summary-control')")
    browser.ask(f"document.querySelector('{block} button.opblock-summary-control').click()")
    example = browser.wait(f"document.querySelector('{block} textarea')?.value")
    browser.ask(f"{FILL % block}({json.dumps(request)})")
    browser.wait(f"document.querySelector('{block} textarea').value === {json.dumps(request)}")
    browser.ask(f"document.querySelector('{block} button.execute').click()")
    live = f"document.querySelector('{block} .live-responses-table')"
    status = browser.wait(f"{live}?.querySelector('tbody .response-col_status')?.innerText")
    body = browser.wait(f"{live}?.querySelector('.highlight-code code, .highlight-code pre')?.innerText")
    time.sleep(0.5)
    return {"example": example, "status": status.split()[0], "body": body}


def main():
    program, url, operation, request = sys.argv[1:]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = Browser(program, folder)
        try:
            answer = tried(browser, url, operation, request)
            found = {**answer, "requests": list(browser.requests()), "complaints": list(browser.complaints())}
        finally:
            browser.process.kill()
            browser.process.wait()
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
