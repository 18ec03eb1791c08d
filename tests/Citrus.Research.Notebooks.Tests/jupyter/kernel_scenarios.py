"""Drives the real kernel as Jupyter does: python3 kernel_scenarios.py SCENARIO DOTNET CITRUS_DLL FOLDER

FOLDER is scratch; JUPYTER_DATA_DIR names a folder in which `citrus kernel install` was run. Prints "ok", or fails with what was expected.
"""
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
import uuid

import zmq
from jupyter_client import KernelManager
from jupyter_client.session import Session

SCENARIO, DOTNET, CITRUS, FOLDER = sys.argv[1:5]
# Nothing here may outlive its test.
signal.alarm(100)
WAIT = 60


class Kernel:
    def __init__(self):
        self.manager = KernelManager(kernel_name="citrus-csharp", connection_file=os.path.join(FOLDER, f"kernel-{uuid.uuid4()}.json"))
        self.log = open(os.path.join(FOLDER, f"log-{uuid.uuid4()}.txt"), "w+")
        self.manager.start_kernel(cwd=FOLDER, stdout=self.log, stderr=self.log)
        self.connect()

    def connect(self):
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=WAIT)

    @property
    def pid(self):
        return self.manager.provisioner.pid

    def run(self, code, **options):
        """Returns the reply and what was broadcast, as (type, content) without status and input."""
        outputs = []
        reply = self.client.execute_interactive(code, timeout=WAIT, output_hook=lambda m: outputs.append((m["msg_type"], m["content"])), **options)
        return reply["content"], [o for o in outputs if o[0] not in ("status", "execute_input")]

    def value(self, code):
        reply, outputs = self.run(code)
        assert reply["status"] == "ok", reply
        return [c for t, c in outputs if t == "execute_result"][0]["data"]["text/plain"]

    def ask(self, message_id):
        while True:
            reply = self.client.get_shell_msg(timeout=WAIT)
            if reply["parent_header"]["msg_id"] == message_id:
                return reply["content"]

    def text(self):
        self.log.flush()
        self.log.seek(0)
        return self.log.read()

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=False)
        expect_gone(self.pid) if self.manager.has_kernel else None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.manager.has_kernel:
            self.client.stop_channels()
            self.manager.shutdown_kernel(now=True)


def stream(outputs, name):
    return "".join(c["text"] for t, c in outputs if t == "stream" and c["name"] == name)


def expect_gone(pid, seconds=30):
    end = time.time() + seconds
    while time.time() < end:
        try:
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rsplit(")", 1)[1].split()[0] in "ZX":
                    return
        except OSError:
            return
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    raise AssertionError(f"process {pid} was still there")


def expect(actual, expected):
    assert actual == expected, f"{actual!r} instead of {expected!r}"


def executes():
    with Kernel() as kernel:
        info = kernel.ask(kernel.client.kernel_info())
        expect(info["protocol_version"].split(".")[0], "5")
        expect(info["language_info"]["name"], "C#")
        # The heart beats, whatever is sent.
        beat = zmq.Context.instance().socket(zmq.REQ)
        beat.connect(f"tcp://127.0.0.1:{kernel.manager.hb_port}")
        beat.send(b"ping")
        assert beat.poll(WAIT * 1000)
        expect(beat.recv(), b"ping")
        beat.close(0)
        expect(kernel.value("int x = 20; x + 1"), "21")
        expect(kernel.value("x * 2"), "40")
        reply, outputs = kernel.run('Console.Write("é 🍋 漢"); Console.Error.Write("apart"); display("shown");')
        expect(stream(outputs, "stdout"), "é 🍋 漢")
        expect(stream(outputs, "stderr"), "apart")
        expect([c["data"]["text/plain"] for t, c in outputs if t == "display_data"], ["shown"])
        expect(reply["execution_count"], 3)
        expect(kernel.run('Console.Write("quiet");', silent=True)[1], [])
        expect(kernel.run("x", store_history=False)[0]["execution_count"], 3)
        expect(kernel.run("1", user_expressions={"twice": "x * 2", "wrong": "nothing"})[0]["user_expressions"]["twice"]["data"]["text/plain"], "40")
        # Updates reach a display of an earlier cell.
        _, outputs = kernel.run('var bar = display("0 %");')
        identity = outputs[0][1]["transient"]["display_id"]
        _, outputs = kernel.run('bar.Update("100 %");')
        expect([(t, c["transient"]["display_id"], c["data"]["text/plain"]) for t, c in outputs], [("update_display_data", identity, "100 %")])
        # Text arrives while the cell runs: the cell ends only once its text was seen.
        seen = os.path.join(FOLDER, "seen")
        see = lambda m: open(seen, "w").close() if m["msg_type"] == "stream" else None
        reply = kernel.client.execute_interactive(f'Console.Write("early"); while (!System.IO.File.Exists("{seen}")) System.Threading.Thread.Sleep(20);', timeout=WAIT, output_hook=see)
        expect(reply["content"]["status"], "ok")


def fails_well():
    with Kernel() as kernel:
        reply, outputs = kernel.run("int kept = 5;\nvar list = new List<int>();\nlist[3].ToString();")
        expect((reply["status"], reply["ename"]), ("error", "System.ArgumentOutOfRangeException"))
        assert any("line 3" in line for line in reply["traceback"]), reply
        expect([t for t, _ in outputs], ["error"])
        expect(kernel.value("kept"), "5")
        reply, _ = kernel.run('int y = "text";')
        expect(reply["ename"], "CompilationError")
        assert "CS0029" in reply["evalue"], reply
        # What waits behind a failing cell is given up, unless it was asked to go on.
        first = kernel.client.execute('System.Threading.Thread.Sleep(300); throw new Exception("no");')
        second = kernel.client.execute("kept = 6;")
        expect(kernel.ask(first)["status"], "error")
        expect(kernel.ask(second)["status"], "aborted")
        first = kernel.client.execute('System.Threading.Thread.Sleep(300); throw new Exception("no");', stop_on_error=False)
        second = kernel.client.execute("kept = 7;")
        expect(kernel.ask(first)["status"], "error")
        expect(kernel.ask(second)["status"], "ok")
        expect(kernel.value("kept"), "7")
        reply, _ = kernel.run("Console.ReadLine();", allow_stdin=True)
        assert reply["status"] == "error" and "input" in reply["evalue"], reply
        reply, _ = kernel.run("int Deep(int n) => Deep(n + 1) + 1; Deep(0)")
        expect(reply["ename"], "System.InsufficientExecutionStackException")
        expect(kernel.value("kept"), "7")


def answers_questions():
    with Kernel() as kernel:
        client = kernel.client
        kernel.run('var words = new List<string> { "a" };')
        reply = kernel.ask(client.complete("🍋 words.Ad".replace("🍋 ", "/* 🍋 */ ")))
        assert "Add" in reply["matches"] and "AddRange" in reply["matches"], reply
        expect(reply["cursor_end"] - reply["cursor_start"], 2)
        assert "words" in kernel.ask(client.complete("wor"))["matches"]
        reply = kernel.ask(client.inspect("words.Add", 8))
        assert reply["found"] and "Add" in reply["data"]["text/plain"], reply
        reply = kernel.ask(client.inspect("Math.Max(1, ", 12))
        assert "Max(int val1, int val2)" in reply["data"]["text/plain"], reply
        expect(kernel.ask(client.inspect("   ", 1))["found"], False)
        expect(kernel.ask(client.is_complete("if (true) {")), {"status": "incomplete", "indent": "    "})
        expect(kernel.ask(client.is_complete("1 + 1"))["status"], "complete")
        expect(kernel.ask(client.history(hist_access_type="tail", n=1))["history"], [[1, 1, 'var words = new List<string> { "a" };']])
        expect(kernel.ask(client.comm_info())["comms"], {})
        message = client.session.msg("comm_open", {"comm_id": "c1", "target_name": "t", "data": {}})
        client.shell_channel.send(message)
        while (news := client.get_iopub_msg(timeout=WAIT))["msg_type"] != "comm_close":
            pass
        expect(news["content"]["comm_id"], "c1")
        message = client.session.msg("strange_request", {})
        client.shell_channel.send(message)
        expect(kernel.ask(message["header"]["msg_id"])["status"], "error")


def interrupted(kernel, code, stop):
    over = threading.Event()

    def later():
        # Again and again: on a busy machine the first may come before the cell has begun.
        while not over.wait(0.7):
            stop()

    thread = threading.Thread(target=later)
    thread.start()
    reply, _ = kernel.run(code)
    over.set()
    thread.join()
    expect((reply["status"], reply["ename"]), ("error", "Cancelled"))


def is_interrupted():
    with Kernel() as kernel:
        kernel.run("int x = 1;")
        message = kernel.manager.interrupt_kernel
        sigint = lambda: os.kill(kernel.pid, signal.SIGINT)
        for code, stop in [("x = 2; while (true) { }", message), ("while (true) { }", sigint), ("while (true) await Task.Delay(1);", message), ("await Task.Delay(-1);", sigint), ("while (true) Console.WriteLine(1);", message), ("System.Threading.Thread.Sleep(-1);", message)]:
            interrupted(kernel, code, stop)
            expect(kernel.value("x"), "2")
        # With nothing to interrupt, nothing happens.
        os.kill(kernel.pid, signal.SIGINT)
        expect(kernel.value("x + 1"), "3")


def writes_much():
    with Kernel() as kernel:
        line = "0123456789" * 10
        _, outputs = kernel.run(f'for (var i = 0; i < 100_000; i++) Console.WriteLine("{line}");')
        expect(stream(outputs, "stdout"), (line + "\n") * 100_000)
        assert len(outputs) < 2000, len(outputs)
        reply, outputs = kernel.run('for (var i = 0; i < 1000; i++) Console.Write(new string(\'x\', 100_000));')
        assert len(stream(outputs, "stdout")) == 20_000_000 and "output cut" in stream(outputs, "stderr"), len(stream(outputs, "stdout"))
        expect(kernel.value("1"), "1")


def restarts_and_ends():
    kernel = Kernel()
    kernel.run("int x = 1;")
    first = kernel.pid
    kernel.client.stop_channels()
    kernel.manager.restart_kernel(now=False)
    kernel.connect()
    assert kernel.pid != first
    expect_gone(first)
    expect(kernel.run("x")[0]["ename"], "CompilationError")
    # A thread that a cell left running does not keep the process alive.
    kernel.run("new System.Threading.Thread(() => { while (true) System.Threading.Thread.Sleep(1000); }).Start();")
    last = kernel.pid
    kernel.client.stop_channels()
    kernel.manager.shutdown_kernel(now=False)
    expect_gone(last)


def two_at_once():
    with Kernel() as one, Kernel() as two:
        one.run("int x = 1;")
        two.run("int x = 2;")
        expect((one.value("x"), two.value("x")), ("1", "2"))


def refuses_forgeries():
    with Kernel() as kernel:
        kernel.run("int x = 1;")
        forger = kernel.manager.client()
        forger.session = Session(key=b"not the key")
        forger.start_channels(hb=False, stdin=False, control=False)
        forger.execute("x = 2;")
        end = time.time() + 30
        while "signature" not in kernel.text() and time.time() < end:
            time.sleep(0.1)
        assert "signature" in kernel.text(), kernel.text()
        expect(kernel.value("x"), "1")
        forger.stop_channels()


def dies_with_its_parent():
    code = (
        "import os, sys, time\n"
        "from jupyter_client import KernelManager\n"
        "manager = KernelManager(kernel_name='citrus-csharp')\n"
        "manager.start_kernel()\n"
        "client = manager.client(); client.start_channels(); client.wait_for_ready(timeout=60)\n"
        "print(manager.provisioner.pid, flush=True)\n"
        "os._exit(1)\n"
    )
    pid = int(subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=80, check=False).stdout)
    expect_gone(pid)


def refuses_strangers():
    good = {"transport": "tcp", "ip": "127.0.0.1", "shell_port": 1, "control_port": 2, "iopub_port": 3, "stdin_port": 4, "hb_port": 5, "key": "k", "signature_scheme": "hmac-sha256"}
    for change, word in [({"ip": "0.0.0.0"}, "ip"), ({"transport": "ipc"}, "transport"), ({"key": ""}, "key")]:
        path = os.path.join(FOLDER, "bad.json")
        with open(path, "w") as file:
            json.dump({**good, **change}, file)
        done = subprocess.run([DOTNET, CITRUS, "kernel", "run", "--connection-file", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
        expect(done.returncode, 1)
        assert word in done.stderr, done.stderr


def converts():
    import nbformat

    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "citrus-csharp", "display_name": "C#", "language": "C#"}})
    notebook.cells = [nbformat.v4.new_markdown_cell("# Sum"), nbformat.v4.new_code_cell("var n = 20;"), nbformat.v4.new_code_cell('Console.WriteLine("go"); display(HTML("<b>b</b>")); n + 22')]
    path = os.path.join(FOLDER, "some.ipynb")
    nbformat.write(notebook, path)
    subprocess.run([sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--output", "done.ipynb", path], check=True, timeout=90, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    done = nbformat.read(os.path.join(FOLDER, "done.ipynb"), as_version=4)
    nbformat.validate(done)
    expect([c.execution_count for c in done.cells[1:]], [1, 2])
    expect([o.output_type for o in done.cells[2].outputs], ["stream", "display_data", "execute_result"])
    expect(done.cells[2].outputs[2].data["text/plain"], "42")


globals()[SCENARIO]()
print("ok")
