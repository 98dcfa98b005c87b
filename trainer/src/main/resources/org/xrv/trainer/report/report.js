(function () {
  'use strict';
  // Pages opened as files may be refused storage: then only a reload forgets what was chosen.
  var memory = {
    get: function (key) { try { return sessionStorage.getItem(location.pathname + key); } catch (e) { return null; } },
    set: function (key, value) { try { sessionStorage.setItem(location.pathname + key, value); } catch (e) { /* see above */ } }
  };
  var touched = 0;
  function show(value) {
    return value === 0 ? '0' : Math.abs(value) >= 1e7 || Math.abs(value) < 1e-4 ? value.toExponential(3) : String(+value.toPrecision(5));
  }

  document.querySelectorAll('.chart').forEach(function (figure) {
    var data = JSON.parse(figure.querySelector('script').textContent);
    var svg = figure.querySelector('svg'), cursor = svg.querySelector('.cursor'), at = figure.querySelector('.at');
    var values = Array.prototype.slice.call(figure.querySelectorAll('.legend b'));
    var last = values.map(function (b) { return b.textContent; });
    function scaled(v) { return data.log ? Math.log(v) : v; }
    function px(v) { return data.x[2] + (data.x[3] - data.x[2]) * (v - data.x[0]) / (data.x[1] - data.x[0]); }
    function py(v) { return data.y[2] + (data.y[3] - data.y[2]) * (scaled(v) - scaled(data.y[0])) / (scaled(data.y[1]) - scaled(data.y[0])); }
    function nearest(flat, step) {
      var low = 0, high = flat.length / 2 - 1;
      while (high - low > 1) { var mid = (low + high) >> 1; if (flat[2 * mid] > step) { high = mid; } else { low = mid; } }
      return Math.abs(flat[2 * low] - step) <= Math.abs(flat[2 * high] - step) ? low : high;
    }
    function hover(event) {
      touched = Date.now();
      var box = svg.getBoundingClientRect();
      var x = (event.clientX - box.left) * svg.viewBox.baseVal.width / box.width;
      var step = data.x[0] + (x - data.x[2]) / (data.x[3] - data.x[2]) * (data.x[1] - data.x[0]);
      var near = data.series.map(function (flat) { return nearest(flat, step); });
      var snap = null;
      near.forEach(function (i, s) {
        var t = data.series[s][2 * i];
        if (snap === null || Math.abs(t - step) < Math.abs(snap - step)) { snap = t; }
      });
      var marks = '<line x1="' + px(snap) + '" x2="' + px(snap) + '" y1="' + data.y[3] + '" y2="' + data.y[2] + '"/>';
      near.forEach(function (i, s) {
        var t = data.series[s][2 * i], v = data.series[s][2 * i + 1];
        values[s].textContent = show(v);
        marks += '<circle r="3" cx="' + px(t) + '" cy="' + py(v) + '"/>';
      });
      cursor.innerHTML = marks;
      at.textContent = 'step ' + snap;
    }
    function leave() {
      cursor.innerHTML = '';
      at.textContent = '';
      values.forEach(function (b, i) { b.textContent = last[i]; });
    }
    svg.addEventListener('pointermove', hover);
    svg.addEventListener('pointerdown', hover);
    svg.addEventListener('pointerleave', leave);
  });

  var holder = document.getElementById('frames');
  if (holder) {
    var show0 = JSON.parse(holder.textContent), frames = show0.frames;
    var slider = document.getElementById('epoch'), caption = document.getElementById('caption');
    var chooser = document.getElementById('image'), play = document.getElementById('play'), strip = document.getElementById('strip');
    var cards = Array.prototype.slice.call(document.querySelectorAll('#cards figure'));
    var share = function (offset, whole) { return whole === show0.side ? 0 : 100 * offset / (whole - show0.side); };
    var crop = function (element, frame, image, row) {
      var pitch = show0.side + show0.gap;
      element.style.backgroundImage = 'url("' + frame.source + '")';
      element.style.backgroundSize = 100 * show0.width / show0.side + '% ' + 100 * show0.height / show0.side + '%';
      element.style.backgroundPosition = share(image * pitch, show0.width) + '% ' + share(row * pitch, show0.height) + '%';
    };
    var pick = function () {
      var i = +slider.value;
      caption.textContent = frames[i].caption;
      cards.forEach(function (card) {
        card.querySelectorAll('.crop').forEach(function (c) { crop(c, frames[i], +card.dataset.image, +c.dataset.row); });
      });
      if (i + 1 < frames.length) { new Image().src = frames[i + 1].source; }
      memory.set('epoch', i === frames.length - 1 ? 'last' : i);
    };
    var tile = function (frame, row, text) {
      var figure = document.createElement('figure'), image = document.createElement('i'), label = document.createElement('figcaption');
      image.className = 'crop';
      crop(image, frame, +chooser.value, row);
      label.textContent = text;
      figure.append(image, label);
      strip.append(figure);
    };
    var roll = function () {
      strip.textContent = '';
      tile(frames[frames.length - 1], 0, 'X-ray');
      var count = Math.min(frames.length, 11);
      for (var k = 0; k < count; k++) {
        var frame = frames[count === 1 ? frames.length - 1 : Math.round(k * (frames.length - 1) / (count - 1))];
        tile(frame, 1, 'epoch ' + frame.epoch);
      }
      cards.forEach(function (card) { card.classList.toggle('chosen', card.dataset.image === chooser.value); });
      memory.set('image', chooser.value);
    };
    var timer = null;
    var stop = function () { clearInterval(timer); timer = null; play.textContent = 'Play'; };
    play.addEventListener('click', function () {
      if (timer) { stop(); return; }
      play.textContent = 'Stop';
      if (+slider.value === frames.length - 1) { slider.value = 0; pick(); }
      timer = setInterval(function () {
        touched = Date.now();
        slider.value = +slider.value + 1;
        pick();
        if (+slider.value === frames.length - 1) { stop(); }
      }, 350);
    });
    slider.addEventListener('input', function () { touched = Date.now(); stop(); pick(); });
    chooser.addEventListener('change', roll);
    cards.forEach(function (card) { card.addEventListener('click', function () { chooser.value = card.dataset.image; roll(); }); });
    var kept = memory.get('epoch');
    if (kept !== null && kept !== 'last' && +kept < frames.length) { slider.value = kept; }
    if (memory.get('image') !== null && +memory.get('image') < cards.length) { chooser.value = memory.get('image'); }
    pick();
    roll();
    if (frames.length === 1) { play.hidden = slider.hidden = true; }
  }

  var body = document.body, written = +body.dataset.written, every = +body.dataset.reload, age = document.getElementById('age');
  if (every) {
    var box = document.getElementById('reload');
    document.getElementById('reloading').hidden = false;
    box.checked = memory.get('reload') !== 'no';
    box.addEventListener('change', function () { memory.set('reload', box.checked ? 'yes' : 'no'); });
    var tick = function () {
      var seconds = Math.max(0, Math.round(Date.now() / 1000 - written));
      var late = seconds > 10 * every;
      age.className = late ? 'late' : '';
      age.textContent = late
        ? ': no news for ' + (seconds < 7200 ? Math.round(seconds / 60) + ' minutes' : Math.round(seconds / 3600) + ' hours') + ', it may have been killed'
        : ', ' + seconds + ' s ago';
    };
    tick();
    setInterval(tick, 1000);
    setInterval(function () {
      // Not under the reader's hands.
      if (box.checked && !document.hidden && Date.now() - touched > 8000) { location.reload(); }
    }, every * 1000);
  }
})();
