// The page's whole behaviour. In: the form. Out: a request to api/tts, and the presigned URL played.
"use strict";

const $ = (id) => document.getElementById(id);
const sliders = ["intensity", "rate", "pitch", "volume"];
const show = {
  intensity: (v) => Number(v).toFixed(1),
  rate: (v) => `${Number(v).toFixed(2)}×`,
  pitch: (v) => (v > 0 ? `+${v}` : v) + " 半音",
  volume: (v) => v,
};
let voices = [];

function fail(message) {
  $("error").textContent = message;
  $("error").hidden = !message;
}

/** Answer body of a request, or an Error whose message can be shown. */
async function call(path, body) {
  let answer;
  try {
    answer = await fetch(path, body && {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
  } catch {
    throw new Error("连接不上服务，请检查网络后重试。");
  }
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(content.error || `服务出错（${answer.status}），请稍后重试。`);
  return content;
}

function options(select, entries, chosen) {
  select.replaceChildren(...entries.map(([value, text]) => new Option(text, value, false, value === chosen)));
}

/** The emotions of the chosen voice as radio buttons; the one that was chosen stays, if the new voice has it. */
function fillVoice() {
  const voice = voices.find((each) => each.name === $("voice").value);
  const before = document.querySelector("input[name=emotion]:checked")?.value;
  const chosen = voice.emotions.includes(before) ? before : voice.emotions[0];
  $("emotions").replaceChildren(...voice.emotions.map((emotion) => {
    const label = document.createElement("label");
    const input = Object.assign(document.createElement("input"), {
      type: "radio", name: "emotion", value: emotion, checked: emotion === chosen,
    });
    const text = document.createElement("span");
    text.textContent = voice.emotion_labels[emotion] || emotion;
    label.append(input, text);
    return label;
  }));
  const format = $("format").value || "mp3";
  options($("format"), voice.formats.map((each) => [each, each.toUpperCase()]), format);
}

function count() {
  $("count").textContent = `${[...$("text").value].length} 字`;
}

async function play(event) {
  event.preventDefault();
  if ($("play").disabled) return;
  fail("");
  $("play").disabled = true;
  $("play").textContent = "正在合成…";
  try {
    const request = { text: $("text").value, voice: $("voice").value, format: $("format").value };
    request.emotion = document.querySelector("input[name=emotion]:checked")?.value || "neutral";
    for (const name of sliders) request[name] = Number($(name).value);
    const result = await call("api/tts", request);
    $("audio").src = result.url;
    $("link").href = result.url;
    const seconds = (result.duration_ms / 1000).toFixed(1);
    $("facts").textContent = `时长 ${seconds} 秒 · ${result.sample_rate / 1000} kHz${result.cached ? " · 来自缓存" : ""}`;
    $("warnings").replaceChildren(...result.warnings.map((text) => {
      return Object.assign(document.createElement("li"), { textContent: text });
    }));
    $("result").hidden = false;
    // Some browsers want another click before sound: then the controls are there.
    await $("audio").play().catch((error) => { if (error.name !== "NotAllowedError") throw new Error("音频播放失败。"); });
  } catch (error) {
    fail(error.message);
  } finally {
    $("play").disabled = false;
    $("play").textContent = "播放";
  }
}

async function start() {
  for (const name of sliders) {
    const output = document.querySelector(`output[for=${name}]`);
    const update = () => { output.textContent = show[name]($(name).value); };
    $(name).addEventListener("input", update);
    update();
  }
  $("text").addEventListener("input", count);
  count();
  $("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) $("form").requestSubmit();
  });
  $("form").addEventListener("submit", play);
  $("voice").addEventListener("change", fillVoice);
  try {
    voices = (await call("api/voices")).voices;
    options($("voice"), voices.map((each) => [each.name, each.title || each.name]), voices.find((each) => each.default)?.name);
    fillVoice();
  } catch (error) {
    fail(error.message);
  }
}

start();
